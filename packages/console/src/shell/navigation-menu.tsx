import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import type { ReactElement } from "react";
import { follow, usePlace } from "../navigation/place.ts";

const ITEMS: readonly SideNavigationProps.Item[] = [
  { type: "link", text: "Overview", href: "/" },
  { type: "link", text: "Queues", href: "/queues" },
  {
    type: "section",
    text: "What failed",
    items: [
      { type: "link", text: "Failures", href: "/failures" },
      { type: "link", text: "Failure groups", href: "/groups" },
      { type: "link", text: "Groups in quarantine", href: "/quarantine" },
    ],
  },
  {
    type: "section",
    text: "Bring it back",
    items: [
      { type: "link", text: "Redrives", href: "/redrives" },
      { type: "link", text: "Archive and replay", href: "/replays" },
    ],
  },
  {
    type: "section",
    text: "Decide and watch",
    items: [
      { type: "link", text: "Policy", href: "/policy" },
      { type: "link", text: "Alarms and dashboards", href: "/alarms" },
      { type: "link", text: "Game days", href: "/gamedays" },
      { type: "link", text: "Audit", href: "/audit" },
      { type: "link", text: "Outbox", href: "/outbox" },
    ],
  },
];

/** The way to each page. */
export function NavigationMenu(): ReactElement {
  const { path } = usePlace();
  const [noun = ""] = path;
  return <SideNavigation activeHref={noun === "dashboards" ? "/alarms" : `/${noun}`} items={ITEMS} onFollow={follow} />;
}
