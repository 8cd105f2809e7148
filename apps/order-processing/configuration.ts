import { readContext } from "@reliq/cdk";
import { ReliqError } from "@reliq/core";
import type { Node } from "constructs";
import * as v from "valibot";

const email = v.pipe(v.string("it takes an e-mail address"), v.email("it takes an e-mail address"));

/** What the first region has made for the second. */
export interface Replicated {
  /** The ARN of the multi-Region key in the first region. */
  readonly fieldKey: string;
  /** The ARNs of the replicas' streams in the second region. */
  readonly streams: { readonly orders: string; readonly reservations: string; readonly stock: string };
}

/** The configuration of the system: `cdk.json`, with what `-c` puts over it. */
export interface Configuration {
  /** Who is told of alarms and of what is held. */
  readonly alarmEmail: string;
  /** Who hears of orders, payments and low stock. */
  readonly deskEmail: string;
  /** Who hears of what is critical by text message. */
  readonly onCallPhone: string;
  /** From whom customers get e-mail; an identity that SES has verified. */
  readonly sender: string;
  /** Where the payment gateway answers. */
  readonly gatewayUrl: string;
  /** Where the carrier takes parcels. */
  readonly carrierUrl: string;
  /** An address of yours that is told of each new status over HTTPS. @default nobody is */
  readonly statusWebhook?: string | undefined;
  /** The most batches at once of each queue, 2 to 1000. @default as the queue is described */
  readonly maximumConcurrency?: number | undefined;
  /** Whether known problems are answered automatically; where not, what would be done is logged. */
  readonly remediation: boolean;
  /** The region that takes over where this one is lost: tables are replicated there. @default none */
  readonly secondRegion?: string | undefined;
  /** Of a second region: the first one, of which it takes over. @default this is the first */
  readonly firstRegion?: string | undefined;
  /** Of a second region: what the first has made, as `second-region.ts` prints it. */
  readonly replicated?: Replicated | undefined;
  /** Which regions have an order before it is acknowledged, where there are two. */
  readonly acknowledge: "both" | "one";
  /** Where DynamoDB answers in the other region. @default as AWS does */
  readonly otherEndpoint?: string | undefined;
  /** How long stock is reserved for an order that is not paid yet. */
  readonly reservationSeconds: number;
}

const address = v.pipe(
  v.string("it takes an address"),
  v.regex(/^https?:\/\/\S+[^/]$/, "it takes an address without a / at its end"),
);

const wholeNumber = v.union(
  [v.pipe(v.number(), v.integer()), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))],
  "it takes a whole number",
);

const regionName = v.pipe(
  v.string("it takes a region's name"),
  v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "it takes a region's name, eu-west-1"),
);

const arn = v.pipe(v.string(), v.startsWith("arn:", "it takes an ARN"));

const ENTRIES = {
  alarmEmail: email,
  deskEmail: email,
  onCallPhone: v.pipe(
    v.string("it takes a number, +15550100"),
    v.regex(/^\+[1-9]\d{6,14}$/, "it takes a number, +15550100"),
  ),
  sender: email,
  gatewayUrl: address,
  carrierUrl: address,
  statusWebhook: v.optional(address),
  maximumConcurrency: v.optional(v.pipe(wholeNumber, v.minValue(2), v.maxValue(1_000))),
  remediation: v.union(
    [
      v.boolean(),
      v.pipe(
        v.picklist(["true", "false"]),
        v.transform((text) => text === "true"),
      ),
    ],
    "it takes true or false",
  ),
  reservationSeconds: v.pipe(wholeNumber, v.minValue(1), v.maxValue(86_400)),
  secondRegion: v.optional(regionName),
  firstRegion: v.optional(regionName),
  replicated: v.optional(
    v.strictObject(
      { fieldKey: arn, streams: v.strictObject({ orders: arn, reservations: arn, stock: arn }) },
      "it takes what second-region.ts prints",
    ),
  ),
  acknowledge: v.optional(v.picklist(["both", "one"], 'it takes "both" or "one"'), "both"),
  otherEndpoint: v.optional(address),
};

const SCHEMA = v.pipe(
  v.object(ENTRIES),
  v.check(
    ({ secondRegion, firstRegion }) => secondRegion === undefined || firstRegion === undefined,
    "`secondRegion` is for the first region and `firstRegion` for the second: give one of them",
  ),
  v.check(
    ({ firstRegion, replicated }) => (firstRegion === undefined) === (replicated === undefined),
    "`firstRegion` and `replicated` go together: give what second-region.ts prints",
  ),
);

/**
 * Reads the configuration from the context of the app.
 * @throws ReliqError `configuration` that names each key that is missing or wrong, its value and what it takes.
 */
export function readConfiguration(node: Node): Configuration {
  const given = readContext(node, Object.keys(ENTRIES));
  const { success, issues, output } = v.safeParse(SCHEMA, given, { abortPipeEarly: true });
  if (success) return output;
  throw new ReliqError("configuration", `cdk.json: ${issues.map(describe).join("; ")}.`);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue);
  if (key === null) return issue.message;
  if (issue.input === undefined) return `\`${key}\` is missing`;
  return `\`${key}\` is ${JSON.stringify(issue.input)}; ${issue.message}`;
}
