import AppLayout from "@cloudscape-design/components/app-layout";
import { I18nProvider } from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
import Spinner from "@cloudscape-design/components/spinner";
import { type ReactElement, Suspense, useState } from "react";
import { LiveProvider } from "../live/live.tsx";
import { usePlace } from "../navigation/place.ts";
import { NavigationMenu } from "./navigation-menu.tsx";
import { NoticeBar, NoticesProvider } from "./notices.tsx";
import { pageOf } from "./pages.tsx";
import { RegionProvider, useRegion } from "./region.tsx";
import { TopBar } from "./top-bar.tsx";

const TOP = "top";

/** The console: its frame, and the page of the address. */
export function App(): ReactElement {
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <NoticesProvider>
        <RegionProvider>
          <LiveProvider>
            <div id={TOP} className="shell-top">
              <TopBar />
            </div>
            <Frame />
          </LiveProvider>
        </RegionProvider>
      </NoticesProvider>
    </I18nProvider>
  );
}

function Frame(): ReactElement {
  const { path } = usePlace();
  const [open, setOpen] = useState(innerWidth > 900);
  const { remote } = useRegion();
  const Page = pageOf(remote && !remote.showsRegion && path.length === 0 ? ["remote"] : path);
  return (
    <AppLayout
      headerSelector={`#${TOP}`}
      navigation={<NavigationMenu />}
      navigationOpen={open}
      onNavigationChange={({ detail }) => setOpen(detail.open)}
      navigationWidth={240}
      notifications={<NoticeBar />}
      toolsHide
      content={
        <Suspense fallback={<Spinner size="large" />}>
          <Page key={path.join("/")} />
        </Suspense>
      }
    />
  );
}
