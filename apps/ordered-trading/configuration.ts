import { readContext } from "@reliq/cdk";
import { ReliqError } from "@reliq/core";
import type { Node } from "constructs";
import * as v from "valibot";

/** `-c enableMessageReplay=false` gives a text. */
const flag: v.GenericSchema<unknown, boolean> = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])], "it takes true or false"),
  v.transform((value) => value === true || value === "true"),
);

function whole(least: number, most: number): v.GenericSchema<unknown, number> {
  const takes = `it takes a whole number from ${least} to ${most}`;
  return v.pipe(v.number(takes), v.integer(takes), v.minValue(least, takes), v.maxValue(most, takes));
}

function oneOf<const T extends readonly string[]>(...options: T): v.GenericSchema<unknown, T[number]> {
  return v.picklist(options, `it takes ${options.map((option) => JSON.stringify(option)).join(" or ")}`);
}

const projectName = v.pipe(
  v.string("it takes a text"),
  v.regex(/^[a-z][a-z0-9-]{1,28}[a-z0-9]$/, "it takes 3 to 30 small letters, digits and hyphens, a letter first"),
);

/** What Lambda keeps logs for, days (CloudWatch Logs API reference, PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const TABLE: v.GenericSchema<unknown, OrderTableConfiguration> = v.variant(
  "billingMode",
  [
    v.strictObject({ billingMode: v.literal("PAY_PER_REQUEST") }),
    v.strictObject({
      billingMode: v.literal("PROVISIONED"),
      readCapacity: whole(1, 40_000),
      writeCapacity: whole(1, 40_000),
    }),
  ],
  'it takes { "billingMode": "PAY_PER_REQUEST" } or { "billingMode": "PROVISIONED", "readCapacity": 5, "writeCapacity": 5 }',
);

/** What the table of orders can take: what comes, or a number of reads and writes a second that is paid for. */
type OrderTableConfiguration =
  | { readonly billingMode: "PAY_PER_REQUEST" }
  | { readonly billingMode: "PROVISIONED"; readonly readCapacity: number; readonly writeCapacity: number };

/** The configuration of the system: `cdk.json`, with what `-c` puts over it. */
export interface Configuration {
  readonly projectName: string;
  readonly enableDeadLetterQueues: boolean;
  readonly enablePoisonMessageHandling: boolean;
  readonly enableMessageReplay: boolean;
  /** An address for `reliq`, behind IAM. @default false */
  readonly enableRecoveryApi: boolean;
  /** ARNs of those who may give messages up there; one that ends in `*` stands for all that begin so. @default nobody may */
  readonly recoveryApprovers: readonly string[];
  /** What becomes of a group when a message of it fails for good: held behind it, or not. @default "hold-group" */
  readonly onPoison: "hold-group" | "skip";
  readonly fifoQueueConfiguration: {
    readonly contentBasedDeduplication: boolean;
    readonly deduplicationScope: "messageGroup" | "queue";
    readonly throughputLimit: "perMessageGroupId" | "perQueue";
    readonly maxReceiveCount: number;
    readonly visibilityTimeoutSeconds: number;
    readonly messageRetentionPeriodDays: number;
  };
  readonly lambdaConfiguration: {
    readonly runtime: "nodejs22.x" | "nodejs24.x";
    /** Seconds. */
    readonly timeout: number;
    /** MiB. */
    readonly memorySize: number;
    readonly reservedConcurrency: number;
    readonly logRetentionDays: number;
  };
  /** @default on demand */
  readonly orderTableConfiguration: OrderTableConfiguration;
  /** Who is told of alerts and alarms. @default the topic has no subscriber yet */
  readonly alertEmail?: string | undefined;
}

const ENTRIES: { readonly [Key in keyof Configuration]-?: v.GenericSchema<unknown, Configuration[Key]> } = {
  projectName,
  enableDeadLetterQueues: flag,
  enablePoisonMessageHandling: flag,
  enableMessageReplay: flag,
  enableRecoveryApi: v.optional(flag, false),
  recoveryApprovers: v.optional(
    v.array(v.string("it takes the ARN of a user or a role"), "it takes a list of ARNs"),
    [],
  ),
  onPoison: v.optional(oneOf("hold-group", "skip"), "hold-group"),
  fifoQueueConfiguration: v.strictObject({
    contentBasedDeduplication: flag,
    deduplicationScope: oneOf("messageGroup", "queue"),
    throughputLimit: oneOf("perMessageGroupId", "perQueue"),
    maxReceiveCount: whole(1, 1_000),
    visibilityTimeoutSeconds: whole(0, 43_200),
    messageRetentionPeriodDays: whole(1, 14),
  }),
  lambdaConfiguration: v.strictObject({
    runtime: oneOf("nodejs24.x", "nodejs22.x"),
    timeout: whole(10, 900),
    memorySize: whole(128, 10_240),
    reservedConcurrency: whole(1, 1_000),
    logRetentionDays: v.picklist(LOG_RETENTION_DAYS, `it takes one of ${LOG_RETENTION_DAYS.join(", ")}`),
  }),
  orderTableConfiguration: v.optional(TABLE, { billingMode: "PAY_PER_REQUEST" }),
  alertEmail: v.optional(v.pipe(v.string("it takes a text"), v.email("it takes an e-mail address"))),
};

const KEYS = Object.keys(ENTRIES) as readonly (keyof Configuration)[];

/**
 * Reads the configuration from the context of the app.
 * @throws ReliqError `configuration` that names each key that is wrong or unknown, its value and what it takes.
 */
export function readConfiguration(node: Node): Configuration {
  const given = readContext(node, KEYS);
  const { success, issues, output } = v.safeParse(v.object(ENTRIES), given);
  if (success) return checkTogether(output);
  throw new ReliqError("configuration", `cdk.json: ${issues.map(describe).join("; ")}.`);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? "context";
  if (issue.input === undefined && issue.expected !== "never")
    return `\`${key}\` is missing; the README says what it takes`;
  if (issue.expected === "never") return `there is no key \`${key}\`; take it out`;
  return `\`${key}\` is ${JSON.stringify(issue.input)}; ${takes(issue)}`;
}

function takes({ message }: v.BaseIssue<unknown>): string {
  return message.startsWith("it takes") ? message : `the README says what it takes (${message})`;
}

/** What each key allows and both together do not. */
function checkTogether(configuration: Configuration): Configuration {
  const { visibilityTimeoutSeconds, deduplicationScope, throughputLimit } = configuration.fifoQueueConfiguration;
  const { timeout } = configuration.lambdaConfiguration;
  if (visibilityTimeoutSeconds < timeout) {
    throw new ReliqError(
      "configuration",
      `cdk.json: \`fifoQueueConfiguration.visibilityTimeoutSeconds\` is ${visibilityTimeoutSeconds} and \`lambdaConfiguration.timeout\` ${timeout}: orders would be received again while they are processed. Raise the first or lower the second.`,
    );
  }
  if (throughputLimit === "perMessageGroupId" && deduplicationScope === "queue") {
    throw new ReliqError(
      "configuration",
      'cdk.json: `fifoQueueConfiguration.throughputLimit` "perMessageGroupId" takes `deduplicationScope` "messageGroup", and that is "queue".',
    );
  }
  return configuration;
}
