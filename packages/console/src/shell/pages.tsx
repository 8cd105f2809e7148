import { type ComponentType, lazy, type ReactElement } from "react";
import { UnknownPage } from "./unknown-page.tsx";

/** A page that is loaded when it is first gone to. */
interface LaterPage {
  readonly Page: ComponentType;
  readonly load: () => Promise<unknown>;
}

function later<Name extends string>(
  load: () => Promise<{ readonly [Page in Name]: () => ReactElement }>,
  name: Name,
): LaterPage {
  return { load, Page: lazy(async () => ({ default: (await load())[name] as ComponentType })) };
}

/** The pages by the first part of their address. */
const LISTS: Readonly<Record<string, LaterPage>> = {
  "": later(() => import("../pages/overview/overview-page.tsx"), "OverviewPage"),
  alarms: later(() => import("../pages/alarms/alarms-page.tsx"), "AlarmsPage"),
  approvals: later(() => import("../pages/approvals/approvals-page.tsx"), "ApprovalsPage"),
  audit: later(() => import("../pages/audit/audit-page.tsx"), "AuditPage"),
  failures: later(() => import("../pages/failures/failures-page.tsx"), "FailuresPage"),
  gamedays: later(() => import("../pages/gamedays/gamedays-page.tsx"), "GamedaysPage"),
  groups: later(() => import("../pages/groups/groups-page.tsx"), "GroupsPage"),
  outbox: later(() => import("../pages/outbox/outbox-page.tsx"), "OutboxPage"),
  policy: later(() => import("../pages/policy/policy-page.tsx"), "PolicyPage"),
  quarantine: later(() => import("../pages/quarantine/quarantines-page.tsx"), "QuarantinesPage"),
  queues: later(() => import("../pages/queues/queues-page.tsx"), "QueuesPage"),
  redrives: later(() => import("../pages/runs/runs-page.tsx"), "RedrivesPage"),
  remote: later(() => import("../pages/remote-overview/remote-overview-page.tsx"), "RemoteOverviewPage"),
  repairs: later(() => import("../pages/repairs/repair-page.tsx"), "RepairPage"),
  replays: later(() => import("../pages/runs/runs-page.tsx"), "ReplaysPage"),
};

/** Those of one thing, which the parts behind it name. */
const DETAILS: Readonly<Record<string, LaterPage>> = {
  approvals: later(() => import("../pages/approvals/approval-page.tsx"), "ApprovalPage"),
  dashboards: later(() => import("../pages/dashboards/dashboard-page.tsx"), "DashboardPage"),
  failures: later(() => import("../pages/failures/failure-page.tsx"), "FailurePage"),
  gamedays: later(() => import("../pages/gamedays/gameday-page.tsx"), "GamedayPage"),
  groups: later(() => import("../pages/groups/group-page.tsx"), "GroupPage"),
  quarantine: later(() => import("../pages/quarantine/quarantine-page.tsx"), "QuarantinePage"),
  queues: later(() => import("../pages/queues/queue-page.tsx"), "QueuePage"),
  redrives: later(() => import("../pages/runs/run-page.tsx"), "RunPage"),
  replays: later(() => import("../pages/runs/run-page.tsx"), "RunPage"),
};

/** The page of an address. */
export function pageOf(path: readonly string[]): ComponentType {
  return laterOf(path)?.Page ?? UnknownPage;
}

/** Begins to load the page of an address, while it is still being asked where the console is. */
export function preloadPage(path: readonly string[]): void {
  // What cannot be loaded is said where the page is shown.
  laterOf(path)
    ?.load()
    .catch(() => undefined);
}

function laterOf([noun = "", ...rest]: readonly string[]): LaterPage | undefined {
  return (rest.length > 0 ? DETAILS : LISTS)[noun];
}
