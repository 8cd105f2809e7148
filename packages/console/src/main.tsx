import "@cloudscape-design/global-styles/index.css";
import "./page.css";
import { CONFIG_META } from "@reliq/core/recovery";
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { connect } from "./api/connection.ts";
import { localConnection } from "./api/local-connection.ts";
import { App } from "./shell/app.tsx";
import { preloadPage } from "./shell/pages.tsx";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
const root = document.getElementById("root");
const config = document.querySelector<HTMLMetaElement>(`meta[name=${CONFIG_META}]`)?.content;
if (root) {
  const drawn = createRoot(root);
  if (config === undefined) {
    const path = location.pathname.split("/").filter((part) => part !== "");
    preloadPage(path, new URLSearchParams(location.search));
    connect(localConnection);
    draw(drawn);
  } else {
    import("./remote/connect-remote.tsx").then(({ connectRemote }) => connectRemote(config, drawn, draw));
  }
}

function draw(drawn: Root): void {
  drawn.render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
