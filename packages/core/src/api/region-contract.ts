import type { CountedQueues } from "../account/check-account.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import type { TracedAttempt } from "../trace/trace-tree.ts";

/** What `GET /systems` says: what is deployed of each system. */
export interface DeployedSystem {
  readonly name: string;
  readonly resources: number;
}

/** What `GET /live` says on AWS: what queues have seen and hold, and how the alarms stand. */
export interface CountedRegion {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly queues: readonly CountedFamily[];
  readonly alarms: readonly Pick<ShownAlarm, "name" | "state">[];
}

/** Queues that share a dead-letter queue, or one that has none. */
export interface CountedFamily extends Omit<CountedQueues, "ends"> {
  /** The name of their dead-letter queue. */
  readonly deadLetters?: string;
  readonly maxReceiveCount?: number;
  /** Of the oldest message that was waiting in the last minutes, seconds. */
  readonly ageSeconds?: number;
  /** Messages a second in the newest minute of the metrics. */
  readonly rates: { readonly accepted: number; readonly processed: number };
}

/** An alarm of the templates, and how it stands. */
export interface ShownAlarm {
  readonly name: string;
  readonly description: string;
  readonly state: "ALARM" | "INSUFFICIENT_DATA" | "OK";
  readonly because: string;
  /** ISO 8601. */
  readonly since: string;
  /** Its condition in words, where it is on one metric. */
  readonly condition?: string;
}

/** A dashboard of the templates, as it is defined. */
export interface ShownDashboard {
  readonly name: string;
  /** The definition, JSON. */
  readonly body: string;
}

/** What `GET /flow` says: how messages go, as it is deployed. */
export interface RegionFlow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** A thing that messages pass. */
export interface FlowNode {
  /** `<system>/<logical id>` */
  readonly id: string;
  readonly system: string;
  readonly kind: "api" | "deadLetterQueue" | "function" | "queue" | "topic";
  readonly name: string;
}

/** A way from one to the next. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "deadLetters" | "delivers" | "invokes" | "sends";
}

/** What `POST /metrics` takes: queries as CloudWatch's GetMetricData takes them. */
export interface MetricRequest {
  /** Milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly queries: readonly object[];
}

/** The values of metrics, in the order of their times. */
export interface MetricAnswer {
  readonly series: readonly MetricSeries[];
}

/** One metric, or one expression over several. */
export interface MetricSeries {
  /** Of its query. */
  readonly id: string;
  readonly label: string;
  /** Time, milliseconds since the Unix epoch, and value. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** What `POST /trace` takes: a failed message, and its attempts as far as they are known. */
export interface TraceRequest {
  readonly failure: FailedMessage;
  readonly attempts: readonly TracedAttempt[];
}

/** What `POST /trace` says: the way of a failed message, as `reliq trace` draws it. */
export interface ShownTrace {
  /** By the region's time, milliseconds since the Unix epoch: what has no end goes on until then. */
  readonly nowMs: number;
  /** The ids that the message has had, its lineage first. */
  readonly messageIds: readonly string[];
  /** How many traces it goes through. */
  readonly traces: number;
  /** The lines of its tree, in their order. */
  readonly spans: readonly ShownSpan[];
  /** Whether there are more traces than were read. */
  readonly more: boolean;
}

/** One line of a tree of spans; times are milliseconds since the Unix epoch. */
export interface ShownSpan {
  /** 0 for a root. */
  readonly depth: number;
  readonly name: string;
  readonly kind: "call" | "function" | "recovery" | "wait" | "work";
  readonly startMs: number;
  /** @default it is not over, or nobody was left to say so */
  readonly endMs?: number;
  readonly failure?: { readonly type: string; readonly message: string };
}
