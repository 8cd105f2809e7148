import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Downstream } from "@reliq/aws/downstream";
import { chunks, DependencyFailure } from "@reliq/core";
import { type Notice, type Notices, SOURCE } from "../domain/events.ts";

/** The most entries of one PutEvents (EventBridge API reference). */
const MOST_ENTRIES = 10;

/** Tells an event bus, by the detail type. @throws DependencyFailure where the bus did not take all of them */
export function eventbridgeNotices(client: EventBridgeClient, bus: string, service: Downstream): Notices {
  return {
    tell: async (notices) => {
      for (const batch of chunks(notices, MOST_ENTRIES)) {
        await service.call(({ signal }) => put(client, bus, batch, signal));
      }
    },
  };
}

async function put(
  client: EventBridgeClient,
  bus: string,
  notices: readonly Notice[],
  abortSignal: AbortSignal,
): Promise<void> {
  const entries = notices.map(({ type, ...detail }) => ({
    EventBusName: bus,
    Source: SOURCE,
    DetailType: type,
    Detail: JSON.stringify(detail),
  }));
  const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }), { abortSignal });
  const failed = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined);
  const [first] = failed;
  if (first)
    throw new DependencyFailure(`${failed.length} notices were not taken: ${first.ErrorCode}: ${first.ErrorMessage}`);
}
