import type { QueueTotals, RecoveredAccount, Role, ShownAlarm } from "@reliq/core/recovery";

/** The header that a request of the console carries: a page of another site cannot send it unasked. */
export const CONSOLE_HEADER = "x-reliq-console";

/** What `GET /api/region` says: where the console is, and who looks at it. */
export interface RegionFacts {
  readonly endpoint: string;
  readonly version: string;
  readonly role: Role;
  /** Names the person in the audit. */
  readonly user: string;
  readonly systems: readonly System[];
  /** Of a console that asks APIs on AWS. */
  readonly remote?: {
    readonly signOutUrl?: string;
    /** Whether it is told of flow, queues, alarms and dashboards, too. */
    readonly showsRegion: boolean;
  };
}

/** A deployed stack, as the console shows it. */
export interface System {
  readonly name: string;
  readonly resources: number;
  /** Whether it has a RecoveryApi, by which the console acts: `/api/systems/<name>/…` then stands for that. */
  readonly hasApi: boolean;
}

/** What `GET /api/live` sends, one event each time that something has changed. */
export interface LiveFacts {
  /** By the region's time, milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly queues: readonly LiveQueue[];
  /** What each system's failure store has, by queue. */
  readonly totals: readonly (QueueTotals & { readonly system: string })[];
  readonly alarms: readonly Pick<ShownAlarm, "name" | "state">[];
}

/** A queue, or several with one dead-letter queue, and where its messages are. */
export interface LiveQueue {
  readonly queue: string;
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount?: number;
  readonly account: Omit<RecoveredAccount, "archived" | "deletedByHand" | "healing" | "held"> &
    Partial<RecoveredAccount>;
  /** Why the account does not balance; missing where it does. */
  readonly wrong?: string;
  /** Of the oldest message that is waiting, seconds. */
  readonly ageSeconds?: number;
  /** Messages a second by metrics, where the account is made of these and so is approximate. @default each message was counted */
  readonly metered?: Rates;
}

/** How fast a queue's messages come and go, a second. */
export interface Rates {
  readonly accepted: number;
  readonly processed: number;
}

/** What `GET /api/region/outbox` says: newest first. */
export interface OutboxPage {
  readonly entries: readonly Delivery[];
  /** What `before` of the next page is. */
  readonly next?: string;
}

/** An e-mail, a text message or a request that would have left the machine. */
export interface Delivery {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject?: string;
  readonly body: string;
  readonly topic?: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

/** A game day, and how it was played last where the console was started. */
export interface ShownGameDay {
  readonly name: string;
  readonly hypothesis: string;
  readonly fault: string;
  readonly app: string;
  readonly verdict?: string;
}

/** What `GET /api/region/gameday?name=…` says: how a game day was played last; nothing of one that was not. */
export interface PlayedGameDay extends ShownGameDay {
  /** Markdown. */
  readonly text?: string;
  readonly report?: GameDayReport;
}

/** A report of a game day as data, as it lies beside its Markdown. */
export interface GameDayReport {
  readonly verdict: "could-not-run" | "held" | "refuted";
  /** Milliseconds since the Unix epoch. */
  readonly beganAtMs: number;
  readonly seconds: number;
  /** 1 is whole. */
  readonly scale: number;
  /** Why it could not run. */
  readonly because?: string;
  /** What was measured, what the hypothesis asks of it, and whether it is so. */
  readonly measures: readonly {
    readonly name: string;
    readonly value: number | string;
    readonly unit?: string;
    readonly asked?: string;
    readonly holds?: boolean;
  }[];
  readonly alarms: readonly {
    readonly name: string;
    readonly severity: string;
    readonly firedAfterSeconds: readonly number[];
    readonly cleared: boolean;
  }[];
  readonly charts: readonly {
    readonly title: string;
    readonly unit: string;
    readonly lines: readonly {
      readonly name: string;
      readonly points: readonly (readonly [seconds: number, value: number])[];
    }[];
    /** The phases of the game day. */
    readonly spans: readonly { readonly name: string; readonly fromSeconds: number; readonly untilSeconds: number }[];
  }[];
}
