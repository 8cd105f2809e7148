import { type Consumer, consumer, redacted } from "@reliq/core";
import { PERSONAL_FIELDS, type StoreEvent, storeEventSchema } from "./store-event.ts";
import { storeIdFailure } from "./store-id.ts";

/** The consumer of store events: one without a store is never processed; `log` gets the line that says so. */
export function storeEventsConsumer(log: (line: string) => void): Consumer<StoreEvent> {
  return consumer({
    name: "store-events",
    schema: storeEventSchema,
    personalFields: redacted(PERSONAL_FIELDS),
    handle: (_event, { attributes }) => {
      const failure = storeIdFailure(attributes);
      if (!failure) return;
      log(failure.message);
      throw failure;
    },
  });
}
