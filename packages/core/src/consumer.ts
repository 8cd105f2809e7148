import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkOptions, type OptionChecks } from "./check-options.ts";
import type { MessageAttribute } from "./message/received-message.ts";
import type { Backoff } from "./retry/backoff.ts";

/** What a handler knows of the message beside its body. */
export interface HandlerContext {
  readonly messageId: string;
  readonly queue: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** FIFO queues: the message group. */
  readonly groupId?: string;
  /** FIFO queues: an effect that stores it, and refuses a smaller one, happens once and in order. */
  readonly sequenceNumber?: string;
  /** The X-Ray header of whoever sent the message, where its sender was traced. */
  readonly traceHeader?: string;
  /** Aborted when the time for this message is over. */
  readonly signal: AbortSignal;
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
   * What wraps the body on the queue: `"sns"`, the notification of a subscription without raw delivery: its `Message` is the body,
   * its attributes are the message's; `"eventbridge"`, an event: its `detail` is the body, `detail-type` and `source` are
   * attributes. @default "none"
   */
  readonly envelope?: "none" | "sns" | "eventbridge";
  /** Names of fields at the top of the body that the port `decryption` opens before the schema sees them; they are personal fields too. @default [] */
  readonly encryptedFields?: readonly string[];
  /** Names of fields and of attributes with personal data: their values are kept out of the journal and of Reliq's log lines. @default [] */
  readonly personalFields?: readonly string[];
}

type Defaulted =
  | "concurrency"
  | "effect"
  | "encryptedFields"
  | "envelope"
  | "failFast"
  | "onPoison"
  | "order"
  | "personalFields";

/** A validated consumer, ready for `lambdaHandler` and `runWorker`. */
export type Consumer<T> = Readonly<Omit<ConsumerOptions<T>, Defaulted> & Required<Pick<ConsumerOptions<T>, Defaulted>>>;

/** The longest that DynamoDB's TTL and a queue's retention make sense for, seconds: 366 days. */
const LONGEST_TTL_SECONDS = 31_622_400;

const DEFAULTS: Required<Pick<ConsumerOptions<unknown>, Defaulted>> = {
  concurrency: 10,
  effect: "any",
  encryptedFields: [],
  envelope: "none",
  failFast: false,
  onPoison: "skip",
  order: "group",
  personalFields: [],
};

const OPTION_CHECKS: OptionChecks<ConsumerOptions<unknown>> = {
  name: (value) =>
    typeof value === "string" && /^[\w.-]{1,80}$/.test(value) ? undefined : "1 to 80 letters, digits, '-', '_' or '.'",
  version: (value) =>
    value === undefined || (typeof value === "string" && /^[\w.+-]{1,80}$/.test(value))
      ? undefined
      : "1 to 80 letters, digits, '-', '_', '+' or '.'",
  schema: (value) => (isSchema(value) ? undefined : "a Standard Schema, such as `v.object({…})` of valibot"),
  handle: (value) => (typeof value === "function" ? undefined : "a function `(body, context) => Promise<void>`"),
  idempotency: (value) =>
    value === undefined || typeof value === "object" ? undefined : "`{ key: (body) => …, ttlSeconds }`",
  effect: (value) => (value === "any" || value === "transactional" ? undefined : '"any" or "transactional"'),
  retry: (value) =>
    value === undefined || typeof (value as { backoff?: Backoff })?.backoff?.delaySeconds === "function"
      ? undefined
      : "`{ backoff: exponential({ baseSeconds: 2, capSeconds: 300 }) }`",
  order: (value) => (value === "group" || value === "none" ? undefined : '"group" or "none"'),
  onPoison: (value) => (value === "skip" || value === "hold-group" ? undefined : '"skip" or "hold-group"'),
  concurrency: (value) => (isWithin(value, 1, 10_000) ? undefined : "a whole number from 1 to 10,000"),
  timeoutSeconds: (value) =>
    value === undefined || (typeof value === "number" && value > 0 && value <= 43_200)
      ? undefined
      : "a number of seconds over 0, at most 43,200",
  failFast: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  envelope: (value) =>
    value === "none" || value === "sns" || value === "eventbridge" ? undefined : '"none", "sns" or "eventbridge"',
  encryptedFields: takesFieldNames,
  personalFields: takesFieldNames,
};

const IDEMPOTENCY_CHECKS: OptionChecks<IdempotencyOptions<unknown>> = {
  key: (value) => (typeof value === "function" ? undefined : "a function `(body) => body.orderId`"),
  ttlSeconds: (value) =>
    value === undefined || isWithin(value, 60, LONGEST_TTL_SECONDS)
      ? undefined
      : `a whole number of seconds from 60 to ${LONGEST_TTL_SECONDS}`,
  keepResult: (value) => (value === undefined || typeof value === "boolean" ? undefined : "true or false"),
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
  return complete;
}

function takesFieldNames(value: unknown): string | undefined {
  return Array.isArray(value) && value.every((field) => typeof field === "string" && field !== "")
    ? undefined
    : "a list of field names";
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isSchema(value: unknown): boolean {
  const schema = value as Partial<StandardSchemaV1> | null | undefined;
  return (
    (typeof value === "object" || typeof value === "function") &&
    schema?.["~standard"]?.version === 1 &&
    typeof schema["~standard"].validate === "function"
  );
}
