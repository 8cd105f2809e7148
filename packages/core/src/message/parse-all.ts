import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { isDeferral } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { failed } from "./failed.ts";
import { parseMessage } from "./parse-message.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { type Unwrapped, unwrap } from "./unwrap.ts";
import { ended, type Work } from "./work.ts";

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
  let read = message;
  const refuse = (thrown: unknown): Work<T> => refused(consumer, message, read, thrown);
  const ready = (body: T): Work<T> => ({ message, stage: { at: "ready", body, read } });
  const check = (unwrapped: Unwrapped): Promise<Work<T>> | Work<T> => {
    read = unwrapped.read;
    const body = parseMessage(consumer.schema, unwrapped.value);
    return body instanceof Promise ? body.then(ready) : ready(body);
  };
  try {
    const unwrapped = unwrap(consumer, message, ports, signal);
    const work = unwrapped instanceof Promise ? unwrapped.then(check) : check(unwrapped);
    return work instanceof Promise ? work.catch(refuse) : work;
  } catch (thrown) {
    return refuse(thrown);
  }
}

function refused<T>(consumer: Consumer<T>, message: ReceivedMessage, read: ReceivedMessage, thrown: unknown): Work<T> {
  if (!isDeferral(thrown)) return ended(message, failed(consumer, read, thrown));
  return ended(message, { kind: "deferred", cause: "handler", retryAfterSeconds: thrown.retryAfterSeconds });
}
