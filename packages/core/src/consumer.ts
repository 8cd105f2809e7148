import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkOptions, type OptionChecks } from "./check-options.ts";
import { read } from "./classify/thrown.ts";
import { ReliqError } from "./errors.ts";
import type { BodyEnvelope } from "./message/body-envelope.ts";
import type { EncryptedFields } from "./message/decrypted.ts";
import type { MessageAttribute } from "./message/received-message.ts";
import type { PersonalFields } from "./redact/redacted.ts";
import type { Backoff } from "./retry/backoff.ts";

/** One line that a handler logs: its event, what else there is to say, and how urgent it is. */
export interface HandlerLine {
  readonly event: string;
  /** @default "info" */
  readonly level?: "error" | "info" | "warn";
  readonly [field: string]: unknown;
}

/** What a handler knows of the message beside its body. */
export interface HandlerContext {
  readonly messageId: string;
  readonly queue: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** FIFO queues: the message group. */
  readonly groupId?: string | undefined;
  /** FIFO queues: an effect that stores it, and refuses a smaller one, happens once and in order. */
  readonly sequenceNumber?: string | undefined;
  /** The X-Ray header of whoever sent the message, where its sender was traced. */
  readonly traceHeader?: string | undefined;
  /** Aborted when the time for this message is over. */
  readonly signal: AbortSignal;
  /** Logs a line of JSON that names the message, its lineage and its correlation id; values of personal fields are taken out. */
  readonly log: (line: HandlerLine) => void;
}

/** How repeats of a message are recognised. */
export interface IdempotencyOptions<T> {
  /** Names the effect, such as an order's id: messages with one key have one effect. At most 400 characters. */
  readonly key: (body: T, context: Pick<HandlerContext, "attributes" | "messageId">) => string;
  /** How long a key is remembered after its effect. @default 604,800 (7 days) */
  readonly ttlSeconds?: number;
  /** Keeps what the handler returns (at most 100,000 characters of JSON; what does not fit is logged instead), and gives it back as `result` of a duplicate's outcome. @default false */
  readonly keepResult?: boolean;
}

/** What a handler returns where `effect` is `"transactional"`. */
export interface TransactionalEffect {
  /** Items of DynamoDB's TransactWriteItems, at most 98, to other keys than Reliq's own. */
  readonly writes: readonly unknown[];
}

/** What a consumer is made of. */
export interface ConsumerOptions<T> {
  /** Names the consumer in the journal and in logs. */
  readonly name: string;
  /** Which of its releases this is, such as `1.4.2`: failure groups say which version failed, and whether a later one did again. @default not said */
  readonly version?: string;
  /** Parses the body: any Standard Schema (https://standardschema.dev), such as one of valibot, zod or arktype. */
  readonly schema: StandardSchemaV1<unknown, T>;
  /** Your code. It returns when the message is processed, and throws when it is not. */
  readonly handle: (body: T, context: HandlerContext) => unknown;
  /** Recognises repeats by a key of the message. @default every receive is attempted */
  readonly idempotency?: IdempotencyOptions<T>;
  /**
   * `"any"`: the handler does what it likes; with `idempotency`, only a kill between its effect and its completion repeats it.
   * `"transactional"`: the handler returns DynamoDB writes, which commit in one transaction with the claim (or, on FIFO, with
   * the group's sequence): exactly once. @default "any"
   */
  readonly effect?: "any" | "transactional";
  /** When a failed message comes back. @default by the queue's visibility timeout */
  readonly retry?: { readonly backoff: Backoff };
  /** FIFO queues: `"group"` handles a group's messages one after the other and stops at the first that does not succeed; `"none"` does not care. @default "group" */
  readonly order?: "group" | "none";
  /**
   * FIFO queues: what becomes of a group when a message of it fails for good. `"skip"`: the next one is handled, as SQS does it.
   * `"hold-group"`: those behind it are set aside, and released in their order once it is healed, repaired or given up. @default "skip"
   */
  readonly onPoison?: "hold-group" | "skip";
  /** How many messages of a batch are handled at once. @default 10 */
  readonly concurrency?: number;
  /** How long a handler may take; then its signal is aborted and the attempt has failed. @default what is left of the invocation */
  readonly timeoutSeconds?: number;
  /** Sends a message that can never succeed (a reason that is not retryable) to the dead-letter queue at its first failure. @default false */
  readonly failFast?: boolean;
  /**
   * What wraps the body on the queue: `snsNotification`, of a subscription without raw delivery, or `eventBridgeEvent`.
   * @default the body is as the producer wrote it
   */
  readonly envelope?: BodyEnvelope;
  /** Fields at the top of the body that are opened before the schema sees them: `decrypted(["card"], decryption)`. They are personal fields too. @default none */
  readonly encryptedFields?: EncryptedFields;
  /** Fields and attributes with personal data, whose values are kept out of the journal and of Reliq's log lines: `redacted(["email"])`. @default none */
  readonly personalFields?: PersonalFields;
}

type Defaulted = "concurrency" | "effect" | "failFast" | "onPoison" | "order";

/** A validated consumer, ready for `lambdaHandler` and `runWorker`. */
export type Consumer<T> = Readonly<Omit<ConsumerOptions<T>, Defaulted> & Required<Pick<ConsumerOptions<T>, Defaulted>>>;

const DEFAULTS: Required<Pick<ConsumerOptions<unknown>, Defaulted>> = {
  concurrency: 10,
  effect: "any",
  failFast: false,
  onPoison: "skip",
  order: "group",
};

const label = fits(
  "1 to 80 letters, digits, '-', '_', '+' or '.'",
  (value) => typeof value === "string" && /^[\w.+-]{1,80}$/.test(value),
);
const flag = oneOf(true, false);

const OPTION_CHECKS: OptionChecks<ConsumerOptions<unknown>> = {
  name: label,
  version: optional(label),
  schema: fits("a Standard Schema, such as `v.object({…})` of valibot", isSchema),
  handle: fits("a function `(body, context) => …`", isFunction),
  idempotency: optional(fits("`{ key: (body) => … }`", (value) => typeof value === "object")),
  effect: oneOf("any", "transactional"),
  retry: optional(has("`{ backoff: exponential() }`", "backoff", "delaySeconds")),
  order: oneOf("group", "none"),
  onPoison: oneOf("skip", "hold-group"),
  concurrency: within(1, 10_000, Number.isInteger),
  timeoutSeconds: optional(within(0.001, 43_200)),
  failFast: flag,
  envelope: optional(fits("a function, such as `snsNotification`", isFunction)),
  encryptedFields: optional(has("`decrypted([…], decryption)`", "open")),
  personalFields: optional(has("`redacted([…])`", "redactor")),
};

/** The longest time to live is 366 days: beyond that neither DynamoDB's TTL nor a queue's retention makes sense. */
const IDEMPOTENCY_CHECKS: OptionChecks<IdempotencyOptions<unknown>> = {
  key: fits("a function `(body) => body.orderId`", isFunction),
  ttlSeconds: optional(within(60, 31_622_400, Number.isInteger)),
  keepResult: optional(flag),
};

/**
 * Makes a consumer out of a handler.
 * @throws ReliqError `consumer-option` that names an unknown or wrong option, its value and what it takes.
 */
export function consumer<T>(options: ConsumerOptions<T>): Consumer<T> {
  const complete = { ...DEFAULTS, ...options };
  checkOptions("consumer()", "consumer-option", complete, OPTION_CHECKS as OptionChecks<ConsumerOptions<T>>);
  if (complete.idempotency) {
    const checks = IDEMPOTENCY_CHECKS as OptionChecks<IdempotencyOptions<T>>;
    checkOptions("consumer({ idempotency })", "consumer-option", complete.idempotency, checks);
  }
  if (complete.onPoison === "hold-group" && complete.order === "none") {
    throw new ReliqError("consumer-option", 'consumer(): `onPoison: "hold-group"` takes `order: "group"`.');
  }
  return complete;
}

type Check = (value: unknown) => string | undefined;

function fits(takes: string, is: (value: unknown) => boolean): Check {
  return (value) => (is(value) ? undefined : takes);
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

function oneOf(...values: readonly (boolean | string)[]): Check {
  return fits(values.map((value) => JSON.stringify(value)).join(" or "), (value) => values.includes(value as string));
}

function within(least: number, most: number, is: (value: number) => boolean = Boolean): Check {
  const takes = `${is === Boolean ? "a" : "a whole"} number from ${least} to ${most}`;
  return fits(takes, (value) => typeof value === "number" && value >= least && value <= most && is(value));
}

/** What a function of Reliq has made, by a method of it. */
function has(takes: string, ...path: readonly string[]): Check {
  return fits(takes, (value) => isFunction(path.reduce(read, value)));
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isSchema(value: unknown): boolean {
  const standard = read(value, "~standard");
  return read(standard, "version") === 1 && isFunction(read(standard, "validate"));
}
