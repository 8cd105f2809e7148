import TopNavigation from "@cloudscape-design/components/top-navigation";
import { type ReactElement, useState } from "react";
import { useLive } from "../live/live.tsx";
import { go } from "../navigation/place.ts";
import { useRegion } from "./region.tsx";
import { applyTheme, currentTheme, type Theme } from "./theme.ts";

/** Where the console is, who looks at it, and how it looks. */
export function TopBar(): ReactElement {
  const { endpoint, role, user, remote } = useRegion();
  const connected = useLive((live) => live.connected);
  const [theme, setTheme] = useState<Theme>(currentTheme);
  const other: Theme = theme === "dark" ? "light" : "dark";
  const choose = (): void => {
    applyTheme(other);
    setTheme(other);
  };
  return (
    <TopNavigation
      identity={{
        href: "/",
        title: "Reliq",
        onFollow: (event) => {
          event.preventDefault();
          go("/");
        },
      }}
      utilities={[
        {
          type: "button",
          text: connected ? `Live: ${endpoint.replace("http://", "")}` : "The region is silent",
          iconName: connected ? "status-positive" : "status-warning",
          href: "/",
          onFollow: (event) => {
            event.preventDefault();
            go("/");
          },
        },
        {
          type: "button",
          text: other === "dark" ? "Dark" : "Light",
          ariaLabel: `Show in ${other} colours`,
          onClick: choose,
        },
        {
          type: "menu-dropdown",
          text: `${user} (${role})`,
          iconName: "user-profile",
          items: [
            { id: "role", text: `Role: ${role}`, disabled: true },
            remote
              ? {
                  id: "out",
                  text: "Sign out",
                  href: remote.signOutUrl ?? "",
                  disabled: remote.signOutUrl === undefined,
                }
              : { id: "change", text: "Another role: reliq … --console-role viewer", disabled: true },
          ],
        },
      ]}
    />
  );
}
