import { readContext } from "@reliq/cdk";
import { ReliqError } from "@reliq/core";
import type { Node } from "constructs";
import * as v from "valibot";

/** The configuration of the system: `cdk.json`, with what `-c` puts over it. */
export interface Configuration {
  readonly envName: "dev" | "prod" | "staging";
  readonly maxReceiveCount: number;
  /** The most messages of one batch. */
  readonly batchSize: number;
  /** How long Lambda gathers messages for a batch. */
  readonly batchingWindowSeconds: number;
  readonly workerTimeoutSeconds: number;
  /** At least 30 seconds longer than the worker's timeout. */
  readonly queueVisibilitySeconds: number;
  /** Whether queues and tables are encrypted with a key of the account's own. */
  readonly useKmsCmk: boolean;
  /** Whether the functions are in a network of their own, and reach services by endpoints in it, and nothing else. */
  readonly vpcEndpoints: boolean;
  /** Who is told of alarms and of what is held. */
  readonly alarmEmail: string;
  /** How long a repeat is recognised. */
  readonly ttlDays: number;
  /** The most workers at once. @default no limit of its own */
  readonly reservedConcurrency?: number | undefined;
  /** Requests a second to the API over which it answers 429, and how many may come at once. */
  readonly throttleRatePerSecond: number;
  readonly throttleBurst: number;
  /** The origins whose pages may call the API. */
  readonly corsOrigins: readonly string[];
  /** Whose value is the failure mode. */
  readonly failureModeParameter: string;
  /** Where the worker hands each event on before it counts as processed. @default nowhere */
  readonly fulfilmentUrl?: string | undefined;
}

/** How much longer than the worker's timeout messages stay hidden at least, seconds. */
const LEAST_SPARE_SECONDS = 30;

/** `-c useKmsCmk=true` gives a text. */
const flag: v.GenericSchema<unknown, boolean> = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])], "it takes true or false"),
  v.transform((value) => value === true || value === "true"),
);

/** `-c batchSize=5` gives a text. */
function whole(least: number, most: number): v.GenericSchema<unknown, number> {
  const takes = `it takes a whole number from ${least} to ${most}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))], takes),
    v.integer(takes),
    v.minValue(least, takes),
    v.maxValue(most, takes),
  );
}

const origins = v.pipe(
  v.array(
    v.pipe(v.string(), v.regex(/^(\*|https?:\/\/[^/\s]+)$/)),
    'it takes a list of origins, such as ["https://shop.example"]',
  ),
  v.minLength(1, 'it takes at least one origin, or ["*"]'),
);

const ENTRIES: { readonly [Key in keyof Configuration]-?: v.GenericSchema<unknown, Configuration[Key]> } = {
  envName: v.picklist(["dev", "staging", "prod"], "it takes dev, staging or prod"),
  maxReceiveCount: whole(1, 1_000),
  batchSize: whole(1, 10_000),
  batchingWindowSeconds: whole(0, 300),
  workerTimeoutSeconds: whole(1, 900),
  queueVisibilitySeconds: whole(31, 43_200),
  useKmsCmk: flag,
  vpcEndpoints: flag,
  alarmEmail: v.pipe(v.string("it takes an e-mail address"), v.email("it takes an e-mail address")),
  ttlDays: whole(1, 366),
  reservedConcurrency: v.optional(whole(1, 1_000)),
  throttleRatePerSecond: whole(1, 10_000),
  throttleBurst: whole(1, 5_000),
  corsOrigins: origins,
  failureModeParameter: v.pipe(
    v.string("it takes a name, /ingestion/failure_mode"),
    v.regex(/^(\/[\w.-]{1,100}){1,10}$/, "it takes a name, /ingestion/failure_mode"),
  ),
  fulfilmentUrl: v.optional(
    v.pipe(v.string("it takes an address"), v.regex(/^https?:\/\/\S+$/, "it takes an address, https://…")),
  ),
};

/**
 * Reads the configuration from the context of the app.
 * @throws ReliqError `configuration` that names each key that is missing or wrong, its value and what it takes.
 */
export function readConfiguration(node: Node): Configuration {
  const given = readContext(node, Object.keys(ENTRIES));
  const { success, issues, output } = v.safeParse(v.object(ENTRIES), given, { abortPipeEarly: true });
  if (success) return checkTogether(output);
  throw new ReliqError("configuration", `cdk.json: ${issues.map(describe).join("; ")}.`);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? "context";
  if (issue.input === undefined) return `\`${key}\` is missing; the README says what it takes`;
  const takes = issue.message.startsWith("it takes") ? issue.message : "the README says what it takes";
  return `\`${key}\` is ${JSON.stringify(issue.input)}; ${takes}`;
}

/** What each key allows and two together do not. */
function checkTogether(configuration: Configuration): Configuration {
  const { queueVisibilitySeconds, workerTimeoutSeconds, batchSize, batchingWindowSeconds } = configuration;
  const { vpcEndpoints, fulfilmentUrl } = configuration;
  if (queueVisibilitySeconds < workerTimeoutSeconds + LEAST_SPARE_SECONDS) {
    const least = workerTimeoutSeconds + LEAST_SPARE_SECONDS;
    throw new ReliqError(
      "configuration",
      `cdk.json: \`queueVisibilitySeconds\` is ${queueVisibilitySeconds} and \`workerTimeoutSeconds\` ${workerTimeoutSeconds}: the first takes at least ${least}, ${LEAST_SPARE_SECONDS} seconds more. Raise it, or lower the second.`,
    );
  }
  if (batchSize > 10 && batchingWindowSeconds < 1) {
    throw new ReliqError(
      "configuration",
      `cdk.json: \`batchSize\` is ${batchSize} and \`batchingWindowSeconds\` ${batchingWindowSeconds}: over 10 Lambda takes a window of at least 1 second.`,
    );
  }
  if (vpcEndpoints && fulfilmentUrl !== undefined) {
    throw new ReliqError(
      "configuration",
      `cdk.json: \`vpcEndpoints\` is true and \`fulfilmentUrl\` ${fulfilmentUrl}: the functions' network has no way out. Leave one of them out.`,
    );
  }
  return configuration;
}
