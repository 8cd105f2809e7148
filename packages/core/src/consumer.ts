import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describeValue } from "./classify/thrown.ts";
import { ReliqError } from "./errors.ts";
import type { MessageAttribute } from "./message/received-message.ts";

/** What a handler knows of the message beside its body. */
export interface HandlerContext {
  readonly messageId: string;
  readonly queue: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** Aborted when the time for this message is over. */
  readonly signal: AbortSignal;
}

/** What a consumer is made of. */
export interface ConsumerOptions<T> {
  /** Names the consumer in the journal and in logs. */
  readonly name: string;
  /** Parses the body: any Standard Schema (https://standardschema.dev), such as one of valibot, zod or arktype. */
  readonly schema: StandardSchemaV1<unknown, T>;
  /** Your code. It returns when the message is processed, and throws when it is not. */
  readonly handle: (body: T, context: HandlerContext) => Promise<void> | void;
  /** Sends a message that can never succeed (a reason that is not retryable) to the dead-letter queue at its first failure. @default false */
  readonly failFast?: boolean;
  /** Names of fields and of attributes with personal data: their values are kept out of the journal and of Reliq's log lines. @default [] */
  readonly personalFields?: readonly string[];
}

/** A validated consumer, ready for `lambdaHandler`. */
export type Consumer<T> = Readonly<Required<ConsumerOptions<T>>>;

const OPTION_CHECKS: Readonly<Record<keyof ConsumerOptions<unknown>, (value: unknown) => string | undefined>> = {
  name: (value) =>
    typeof value === "string" && /^[\w.-]{1,80}$/.test(value) ? undefined : "1 to 80 letters, digits, '-', '_' or '.'",
  schema: (value) => (isSchema(value) ? undefined : "a Standard Schema, such as `v.object({…})` of valibot"),
  handle: (value) => (typeof value === "function" ? undefined : "a function `(body, context) => Promise<void>`"),
  failFast: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  personalFields: (value) =>
    Array.isArray(value) && value.every((field) => typeof field === "string" && field !== "")
      ? undefined
      : "a list of field names",
};

/**
 * Makes a consumer out of a handler.
 * @throws ReliqError `consumer-option` that names an unknown or wrong option, its value and what it takes.
 */
export function consumer<T>(options: ConsumerOptions<T>): Consumer<T> {
  const complete = { failFast: false, personalFields: [], ...options };
  const unknown = Object.keys(complete).find((option) => !Object.hasOwn(OPTION_CHECKS, option));
  if (unknown !== undefined) {
    const known = Object.keys(OPTION_CHECKS).join(", ");
    throw new ReliqError("consumer-option", `consumer(): there is no option \`${unknown}\`; the options are ${known}.`);
  }
  for (const [option, check] of Object.entries(OPTION_CHECKS)) {
    const value = complete[option as keyof ConsumerOptions<T>];
    const takes = check(value);
    if (takes) {
      throw new ReliqError("consumer-option", `consumer(): option \`${option}\` is ${show(value)}; it takes ${takes}.`);
    }
  }
  return complete;
}

function isSchema(value: unknown): boolean {
  const schema = value as Partial<StandardSchemaV1> | null | undefined;
  return (
    (typeof value === "object" || typeof value === "function") &&
    schema?.["~standard"]?.version === 1 &&
    typeof schema["~standard"].validate === "function"
  );
}

function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  return (typeof value === "string" ? JSON.stringify(value) : describeValue(value)).slice(0, 100);
}
