import { Duration } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IConstruct } from "constructs";
import { emailAddress } from "../alarm-topic.ts";
import { duration, flag, given, type PropCheck, text, wholeNumber } from "../check-props.ts";

/** Above what each alarm rings; within a minute, or five for what is a share of calls. */
export interface MonitoringThresholds {
  /** Messages in a dead-letter queue that no Recovery serves; with one, its `heldAlarmAbove` is. @default 0 */
  readonly deadLettersAbove?: number;
  /** Messages that wait in a queue. @default 1000 */
  readonly backlogAbove?: number;
  /** The age of the oldest message in a queue. @default 5 minutes */
  readonly oldestAbove?: Duration;
  /** Invocations of a function that fail. @default 0 */
  readonly errorsAbove?: number;
  /** Invocations of a function that are throttled. @default 0 */
  readonly throttlesAbove?: number;
  /** How much of a function's timeout its slowest invocation of a hundred takes, percent. @default 80 */
  readonly durationAbovePercent?: number;
  /** Answers of an API with a 5xx status. @default 0 */
  readonly serverErrorsAbove?: number;
  /** How long an API takes for the slowest of a hundred requests, milliseconds. @default 1000 */
  readonly latencyAboveMs?: number;
  /** Log lines that say that the journal, the claims or another store could not be reached. @default 0 */
  readonly unavailableAbove?: number;
  /** Log lines that say that a queue's account does not balance. @default 0 */
  readonly unbalancedAbove?: number;
  /** How old a record of an outbox's stream is when it is read. @default 1 minute */
  readonly outboxAgeAbove?: Duration;
}

/** What a Monitoring is made of. */
export interface MonitoringProps extends MonitoringThresholds {
  /** What is watched: stacks, or other constructs, with all that is in them by now. @default the stack that it is in */
  readonly scopes?: readonly IConstruct[];
  /** Begins the names of its alarms, its dashboard and its saved queries. @default the name of its stack */
  readonly name?: string;
  /** Who is told of its alarms. @default the topic of alerts of the Recovery that is watched, where there is one; else a topic of its own */
  readonly topic?: ITopic;
  /** Who is told by e-mail; AWS asks them to confirm first. @default `alarmEmail` of the app's context, where the topic is its own */
  readonly alarmEmail?: string;
  /** Whether it has a dashboard. @default true */
  readonly dashboard?: boolean;
  /** @default `name` */
  readonly dashboardName?: string;
  /** The namespace of the metrics that it makes of log lines. @default "Reliq/" and `name` */
  readonly metricNamespace?: string;
  /** Where runbooks are, with a `/` at the end: alarms link to `<noun>.md` there. @default "docs/runbooks/" */
  readonly runbooks?: string;
}

const COUNT: PropCheck = wholeNumber(0, 1_000_000_000);

/** What alarms ring above where nobody says it. */
export const THRESHOLDS: Required<MonitoringThresholds> = {
  deadLettersAbove: 0,
  backlogAbove: 1_000,
  oldestAbove: Duration.minutes(5),
  errorsAbove: 0,
  throttlesAbove: 0,
  durationAbovePercent: 80,
  serverErrorsAbove: 0,
  latencyAboveMs: 1_000,
  unavailableAbove: 0,
  unbalancedAbove: 0,
  outboxAgeAbove: Duration.minutes(1),
};

/** The checks of a Monitoring's props. */
export const MONITORING_PROPS: Readonly<Record<keyof MonitoringProps, PropCheck>> = {
  scopes: (value) =>
    value === undefined || (Array.isArray(value) && value.length > 0) ? undefined : "a list of stacks or constructs",
  name: text(/^[\w-]{1,100}$/, "1 to 100 letters, digits, '-' or '_'"),
  topic: (value) => (value === undefined ? undefined : given("a topic")(value)),
  alarmEmail: emailAddress,
  dashboard: flag,
  dashboardName: text(/^[\w-]{1,255}$/, "1 to 255 letters, digits, '-' or '_'"),
  metricNamespace: text(/^[^:][\w./#:-]{0,254}$/, "1 to 255 letters, digits, '.', '-', '_', '/', '#' or ':'"),
  runbooks: text(/^\S+\/$/, "an address that ends in /"),
  deadLettersAbove: COUNT,
  backlogAbove: COUNT,
  oldestAbove: duration(Duration.seconds(1), Duration.days(14)),
  errorsAbove: COUNT,
  throttlesAbove: COUNT,
  durationAbovePercent: wholeNumber(1, 100),
  serverErrorsAbove: COUNT,
  latencyAboveMs: wholeNumber(0, 30_000),
  unavailableAbove: COUNT,
  unbalancedAbove: COUNT,
  outboxAgeAbove: duration(Duration.seconds(1), Duration.days(1)),
};
