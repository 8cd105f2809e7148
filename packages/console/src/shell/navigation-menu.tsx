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

/** What is on the machine of a local region alone, and what is asked of any region beside recovery's APIs. */
const LOCAL = ["/gamedays", "/outbox"];
const OF_REGION = ["/queues", "/alarms"];

/** The items without the ways to some pages. */
function without(hidden: readonly string[]): readonly SideNavigationProps.Item[] {
  const isShown = (item: SideNavigationProps.Item): boolean => !("href" in item) || !hidden.includes(item.href);
  return ITEMS.filter(isShown).map((item) =>
    item.type === "section" ? { ...item, items: item.items.filter(isShown) } : item,
  );
}

/** The way to each page. */
export function NavigationMenu(): ReactElement {
  const { path } = usePlace();
  const { remote } = useRegion();
  const [noun = ""] = path;
  const active = noun === "dashboards" ? "/alarms" : `/${noun}`;
  const hidden = remote ? [...LOCAL, ...(remote.showsRegion ? [] : OF_REGION)] : [];
  return <SideNavigation activeHref={active} items={without(hidden)} onFollow={follow} />;
}
