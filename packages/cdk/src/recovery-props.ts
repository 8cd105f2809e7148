import type { Policy } from "@reliq/core/recovery";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { emailAddress } from "./alarm-topic.ts";
import { ARCHIVE_DEFAULTS, type ArchiveLifecycle } from "./archive-bucket.ts";
import { BUNDLED_FUNCTION_PROPS } from "./bundled-function.ts";
import {
  anything,
  checkProps,
  duration,
  flag,
  given,
  ownEnvironment,
  type PropCheck,
  refusedProp,
  text,
  wholeNumber,
} from "./check-props.ts";
import type { Journal } from "./journal.ts";
import { readPolicy } from "./recovery-policy.ts";

/** What a Recovery is made of. */
export interface RecoveryProps extends ArchiveLifecycle {
  /** The consumers' journal: why attempts failed. */
  readonly journal: Journal;
  /**
   * What is done with failed messages, or the path of a JSON file that says it. It is checked here, and goes into the function's bundle.
   * @default each is held, and a person is told
   */
  readonly policy?: Policy | string;
  /**
   * The path of a module that exports `handler`, for repairs, webhooks, schemas or a policy in code: `recoveryHandler(recoveryFromEnvironment({ repairs }))`,
   * of `@reliq/aws/recovery`. @default one that does what the policy says
   */
  readonly entry?: string;
  /**
   * Names of fields and attributes with personal data, in messages of every queue: their values are kept out of what is said of a failure,
   * and masked for all callers of RecoveryApi but approvers. At most 256 characters in all. @default those that the `schemas` of `entry` declare
   */
  readonly personalFields?: readonly string[];
  /** A key of yours that encrypts the table, the archive, the topic and the reminders. @default keys that DynamoDB, S3 and SQS own */
  readonly encryptionKey?: IKey;
  /** Whether it has a dashboard of its own, with all of its queues. @default true */
  readonly dashboard?: boolean;
  /** The failure store's table. @default a name that CloudFormation makes */
  readonly tableName?: string;
  /**
   * Another region, in which the failure store then has a replica: the Recovery there works on it with `isReplica`, one of the two at a time. Its stack says its region (`env`). The archive is not
   * replicated, and a key of yours is not taken for it. @default none
   */
  readonly replicaRegion?: string;
  /** Whether the table named `tableName` is a replica, which the Recovery of another region has made with `replicaRegion`. @default false */
  readonly isReplica?: boolean;
  /** Who is told; AWS asks them to confirm first. @default the topic has no subscriber yet */
  readonly alertEmail?: string;
  /** @default nothing beside what the construct sets */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default a name that CloudFormation makes */
  readonly functionName?: string;
  /** How long one invocation may take; at most the visibility timeout of the dead-letter queues, 30 seconds where nobody set it (`deadLetterVisibilityTimeout`). @default 30 seconds */
  readonly timeout?: Duration;
  /** Memory, MiB, 128 to 10240. @default 512 */
  readonly memorySizeMb?: number;
  /** The most invocations at once for one queue, 2 to 1000. @default 5 */
  readonly maximumConcurrency?: number;
  /** How long log lines are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** The namespace of its metrics. @default "Reliq/Recovery" */
  readonly metricNamespace?: string;
  /** More dead letters and held failures of one queue than this raise an alarm. @default 10 */
  readonly heldAlarmAbove?: number;
  /** FIFO queues: a message group that is held for longer raises an alarm. @default 1 hour */
  readonly quarantineAlarmAfter?: Duration;
  /** `"active"`: its function is traced by X-Ray, as BundledFunction says. @default "off" */
  readonly tracing?: "active" | "off";
  /** What happens to the table and the archive, with all that is in it, when the stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

const DAYS: PropCheck = duration(Duration.days(1), Duration.days(36_500));

const PROPS: Readonly<Record<keyof RecoveryProps, PropCheck>> = {
  journal: given("a Journal"),
  // Whose rules are checked by `readPolicy`.
  policy: anything,
  entry: (value) => (value === undefined ? undefined : BUNDLED_FUNCTION_PROPS.entry(value)),
  personalFields: fieldNames,
  encryptionKey: (value) => (value === undefined ? undefined : given("a key of AWS KMS")(value)),
  dashboard: flag,
  tableName: text(/^[\w.-]{3,255}$/, "3 to 255 letters, digits, '-', '_' or '.'"),
  replicaRegion: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region's name, such as eu-west-1"),
  isReplica: flag,
  alertEmail: emailAddress,
  environment: ownEnvironment,
  functionName: BUNDLED_FUNCTION_PROPS.functionName,
  timeout: BUNDLED_FUNCTION_PROPS.timeout,
  tracing: BUNDLED_FUNCTION_PROPS.tracing,
  memorySizeMb: BUNDLED_FUNCTION_PROPS.memorySizeMb,
  maximumConcurrency: wholeNumber(2, 1000),
  logRetention: BUNDLED_FUNCTION_PROPS.logRetention,
  metricNamespace: text(/^[^:][\w./#:-]{0,254}$/, "1 to 255 letters, digits, '.', '-', '_', '/', '#' or ':'"),
  heldAlarmAbove: wholeNumber(0, 1_000_000_000),
  quarantineAlarmAfter: duration(Duration.minutes(1), Duration.days(366)),
  removalPolicy: text(/^(destroy|retain)$/, "RemovalPolicy.RETAIN or RemovalPolicy.DESTROY"),
  coldAfter: duration(Duration.days(30), Duration.days(36_500)),
  colderAfter: DAYS,
  expireAfter: DAYS,
};

/** Props with what they are where nobody says it. */
export type CompleteRecoveryProps = Omit<RecoveryProps, "policy"> &
  Required<
    ArchiveLifecycle &
      Pick<
        RecoveryProps,
        | "dashboard"
        | "heldAlarmAbove"
        | "maximumConcurrency"
        | "metricNamespace"
        | "quarantineAlarmAfter"
        | "removalPolicy"
        | "timeout"
      >
  > & { readonly policy: Policy };

/** Checks props and completes them. @throws ReliqError `construct-prop` that names the prop, its value and what it takes. */
export function completeRecoveryProps(construct: Construct, props: RecoveryProps): CompleteRecoveryProps {
  checkProps(construct, props, PROPS);
  checkReplica(construct, props);
  const complete = {
    timeout: Duration.seconds(30),
    maximumConcurrency: 5,
    metricNamespace: "Reliq/Recovery",
    heldAlarmAbove: 10,
    quarantineAlarmAfter: Duration.hours(1),
    removalPolicy: RemovalPolicy.RETAIN,
    dashboard: true,
    ...ARCHIVE_DEFAULTS,
    ...props,
    policy: readPolicy(construct, props.policy, props.entry),
  };
  const { coldAfter, colderAfter, expireAfter } = complete;
  if (colderAfter.toDays() <= coldAfter.toDays()) {
    throw refusedProp(
      construct,
      "colderAfter",
      colderAfter,
      `it takes more than \`coldAfter\` (${coldAfter.toHumanString()})`,
    );
  }
  if (expireAfter.toDays() <= colderAfter.toDays()) {
    throw refusedProp(
      construct,
      "expireAfter",
      expireAfter,
      `it takes more than \`colderAfter\` (${colderAfter.toHumanString()})`,
    );
  }
  return complete;
}

/** A replica has the name of its table, and the key of its own region. */
function checkReplica(construct: Construct, props: RecoveryProps): void {
  const { tableName, replicaRegion, isReplica = false, encryptionKey } = props;
  if (replicaRegion === undefined && !isReplica) return;
  if (tableName === undefined) {
    throw refusedProp(construct, "tableName", tableName, "it takes the name that the table has in both regions");
  }
  if (encryptionKey)
    throw refusedProp(construct, "encryptionKey", encryptionKey, "it takes none where the table is replicated");
  if (replicaRegion === undefined || !isReplica) return;
  throw refusedProp(construct, "isReplica", isReplica, "it takes false where `replicaRegion` makes the replica");
}

/** They are in an environment of 4 KB, with commas between. */
function fieldNames(value: unknown): string | undefined {
  const fits =
    value === undefined ||
    (Array.isArray(value) &&
      value.every((each) => typeof each === "string" && /^[^,]+$/.test(each)) &&
      value.join().length <= 256);
  return fits ? undefined : "a list of names without commas, at most 256 characters in all";
}
