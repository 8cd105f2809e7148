import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { failed } from "./failed.ts";
import { parseMessage } from "./parse-message.ts";
import { ended, type Work } from "./work.ts";

/** Parses every message of a batch; one that cannot be parsed has failed. */
export function parseAll<T>(consumer: Consumer<T>, delivery: Delivery): Promise<readonly Work<T>[]> {
  return Promise.all(
    delivery.messages.map(async (message): Promise<Work<T>> => {
      try {
        return { message, stage: { at: "ready", body: await parseMessage(consumer.schema, message) } };
      } catch (thrown) {
        return ended(message, failed(consumer, message, thrown));
      }
    }),
  );
}
