import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { ConsumePorts } from "../ports.ts";
import { notProcessed } from "./not-processed.ts";
import { parseMessage } from "./parse-message.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { type Unwrapped, unwrap } from "./unwrap.ts";
import type { Work } from "./work.ts";

/** Unwraps and parses every message of a batch; one that cannot be parsed has failed. */
export async function parseAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  const works = delivery.messages.map((message) => parse(consumer, delivery, message, ports));
  return works.some((work) => work instanceof Promise) ? Promise.all(works) : (works as Work<T>[]);
}

/** Without any waiting where neither the unwrapping nor the schema waits for anything: a promise costs as much as a small body's parsing. */
function parse<T>(
  consumer: Consumer<T>,
  { signal }: Delivery,
  message: ReceivedMessage,
  ports: ConsumePorts,
): Promise<Work<T>> | Work<T> {
  try {
    const unwrapped = unwrap(consumer, message, ports, signal);
    if (!(unwrapped instanceof Promise)) return check(consumer, message, unwrapped);
    return unwrapped.then(
      (late) => check(consumer, message, late),
      (thrown) => notProcessed(consumer, message, message, thrown),
    );
  } catch (thrown) {
    return notProcessed(consumer, message, message, thrown);
  }
}

function check<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  { value, read }: Unwrapped,
): Promise<Work<T>> | Work<T> {
  try {
    const body = parseMessage(consumer.schema, value);
    if (!(body instanceof Promise)) return { message, stage: { at: "ready", body, read } };
    return body.then(
      (late) => ({ message, stage: { at: "ready", body: late, read } }),
      (thrown) => notProcessed(consumer, message, read, thrown),
    );
  } catch (thrown) {
    return notProcessed(consumer, message, read, thrown);
  }
}
