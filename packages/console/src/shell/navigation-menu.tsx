import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import type { ReactElement } from "react";
import { follow, usePlace } from "../navigation/place.ts";
import { useRegion } from "./region.tsx";

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
      { type: "link", text: "Approvals", href: "/approvals" },
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

/** What is asked of a local region, and of no recovery API. */
const OF_REGION = ["/queues", "/alarms", "/gamedays", "/outbox"];

const REMOTE_ITEMS: readonly SideNavigationProps.Item[] = ITEMS.filter(isOfRecovery).map((item) =>
  item.type === "section" ? { ...item, items: item.items.filter(isOfRecovery) } : item,
);

function isOfRecovery(item: SideNavigationProps.Item): boolean {
  return !("href" in item) || !OF_REGION.includes(item.href);
}

/** The way to each page. */
export function NavigationMenu(): ReactElement {
  const { path } = usePlace();
  const { remote } = useRegion();
  const [noun = ""] = path;
  const active = noun === "dashboards" ? "/alarms" : `/${noun}`;
  return <SideNavigation activeHref={active} items={remote ? REMOTE_ITEMS : ITEMS} onFollow={follow} />;
}
