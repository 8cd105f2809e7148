import {
  type Consumer,
  type ConsumerOptions,
  consumer,
  Deferral,
  exponential,
  isDeferral,
  type LogLine,
  lineageOf,
} from "@reliq/core";
import * as v from "valibot";
import { eventSchema, type IngestedEvent } from "./event.ts";
import { correlationOf, type Notices } from "./events.ts";
import type { ReadFailureMode } from "./failure-mode.ts";
import { SchemaValidationError } from "./schema-validation-error.ts";

/** What the processor works with. */
export interface ProcessorPorts {
  /** Has the effect of an event; of one that had it already, nothing. */
  readonly effect: (event: IngestedEvent, message: { readonly lineage: string }) => Promise<void>;
  /** Hands the event to the service behind, each call through that service's breaker. */
  readonly fulfil: (
    event: IngestedEvent,
    call: { readonly signal: AbortSignal; readonly isSlow: boolean },
  ) => Promise<void>;
  readonly notices: Notices;
  readonly mode: ReadFailureMode;
  /** From 0 to under 1. */
  readonly random: () => number;
  readonly log: (line: LogLine) => void;
}

/** How many of the attempts fail by `random_fail_p30`. */
const FAILING_SHARE = 0.3;

/** The consumer of events: an event has its effect once, however often its message comes; what can never succeed goes to the dead-letter queue at once. */
export function eventsConsumer(
  ports: ProcessorPorts,
  ttlSeconds: number,
  schema: EventSchema = eventSchema,
): Consumer<IngestedEvent> {
  return consumer({
    name: "events",
    schema: namedSchema(schema),
    failFast: true,
    idempotency: { key: ({ orderId }) => orderId, ttlSeconds },
    retry: { backoff: exponential({ baseSeconds: 2, capSeconds: 300 }) },
    async handle(event, context) {
      const { messageId, signal } = context;
      const { orderId, amount } = event;
      const correlationId = correlationOf(context);
      const lineage = lineageOf(context);
      const mode = await ports.mode();
      if (mode === "poison_payload") throw new SchemaValidationError("The failure mode is poison_payload.");
      if (mode === "random_fail_p30" && ports.random() < FAILING_SHARE)
        throw new Error("The failure mode is random_fail_p30.");
      await ports.fulfil(event, { signal, isSlow: mode === "slow_downstream" }).catch((error: unknown) => {
        throw isDeferral(error) ? deferLonger(error, context.receiveCount) : error;
      });
      await ports.effect(event, { lineage });
      await ports.notices.tell([{ type: "EventProcessed", messageId: lineage, correlationId, orderId, amount }]);
      ports.log({ level: "info", event: "event-processed", messageId, lineage, correlationId, orderId });
    },
  });
}

/** Each deferral costs a receive: the later ones are longer, so that the five there are outlast an outage of a minute, and not over one minute, so that all are done two minutes after it. */
function deferLonger(deferral: Deferral, receiveCount: number): Deferral {
  const leastSeconds = Math.min(60, 10 * 2 ** (receiveCount - 1));
  const retryAfterSeconds = Math.max(deferral.retryAfterSeconds, leastSeconds);
  return new Deferral(deferral.message, { retryAfterSeconds, cause: deferral });
}

type EventSchema = v.GenericSchema<unknown, IngestedEvent>;

/** The schema of events, whose failures have a name of their own. */
function namedSchema(schema: EventSchema): ConsumerOptions<IngestedEvent>["schema"] {
  return {
    "~standard": {
      ...schema["~standard"],
      validate: (value) => {
        const { success, issues, output } = v.safeParse(schema, value, { abortPipeEarly: true });
        if (success) return { value: output };
        const reason = ({ input, message }: v.BaseIssue<unknown>) => (input === undefined ? "is missing" : message);
        const bad = issues.map((issue) => `${v.getDotPath(issue) ?? "the body"} ${reason(issue)}`);
        throw new SchemaValidationError(`The body does not fit its schema: ${bad.join("; ")}`);
      },
    },
  };
}
