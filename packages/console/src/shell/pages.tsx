import { type ComponentType, lazy, type ReactElement } from "react";
import { UnknownPage } from "./unknown-page.tsx";

/** What a page can ask for by its address alone, before it is drawn. */
interface Eager {
  readonly begin?: (query: URLSearchParams) => void;
}

/** A page that is loaded when it is first gone to. */
interface LaterPage {
  /** The same each time: the page itself where it is there when it is first asked for, as React shows no other for 300 ms once it has shown that one is to come. */
  readonly component: () => ComponentType;
  readonly load: () => Promise<Eager>;
}

function later<Name extends string>(
  load: () => Promise<Eager & { readonly [Page in Name]: () => ReactElement }>,
  name: Name,
): LaterPage {
  let loaded: ComponentType | undefined;
  let shown: ComponentType | undefined;
  const loadAndKeep = async (): Promise<Eager> => {
    const module = await load();
    loaded = module[name];
    return module;
  };
  const asLazy = (): ComponentType => lazy(async () => ({ default: (await load())[name] as ComponentType }));
  return {
    load: loadAndKeep,
    component: () => {
      shown ??= loaded ?? asLazy();
      return shown;
    },
  };
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
  return laterOf(path)?.component() ?? UnknownPage;
}

/** Begins to load the page of an address and what it shows, while it is still being asked where the console is. */
export function preloadPage(path: readonly string[], query: URLSearchParams): void {
  // What cannot be loaded is said where the page is shown.
  laterOf(path)
    ?.load()
    .then(({ begin }) => begin?.(query))
    .catch(() => undefined);
}

function laterOf([noun = "", ...rest]: readonly string[]): LaterPage | undefined {
  return (rest.length > 0 ? DETAILS : LISTS)[noun];
}
