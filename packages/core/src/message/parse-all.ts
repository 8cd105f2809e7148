import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { isDeferral } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { failed } from "./failed.ts";
import { parseMessage } from "./parse-message.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { unwrap } from "./unwrap.ts";
import { ended, type Work } from "./work.ts";

/** Unwraps and parses every message of a batch; one that cannot be parsed has failed. */
export function parseAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  return Promise.all(delivery.messages.map((message) => parse(consumer, delivery, message, ports)));
}

async function parse<T>(
  consumer: Consumer<T>,
  { signal }: Delivery,
  message: ReceivedMessage,
  ports: ConsumePorts,
): Promise<Work<T>> {
  let read = message;
  try {
    const unwrapped = await unwrap(consumer, message, ports, signal);
    read = unwrapped.read;
    return { message, stage: { at: "ready", body: await parseMessage(consumer.schema, unwrapped.value), read } };
  } catch (thrown) {
    if (!isDeferral(thrown)) return ended(message, failed(consumer, read, thrown));
    return ended(message, { kind: "deferred", cause: "handler", retryAfterSeconds: thrown.retryAfterSeconds });
  }
}
