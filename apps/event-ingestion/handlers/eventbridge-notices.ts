import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { together } from "@reliq/aws";
import type { Downstream } from "@reliq/aws/downstream";
import { activeTraceHeader } from "@reliq/aws/tracing";
import { DependencyFailure } from "@reliq/core";
import { type Notice, type Notices, SOURCE } from "../domain/events.ts";

/** The most entries of one PutEvents (EventBridge API reference). */
const MOST_ENTRIES = 10;

/** Tells an event bus, by the detail type; what the messages of a batch tell at the same time is one request. @throws DependencyFailure where the bus did not take a notice */
export function eventbridgeNotices(client: EventBridgeClient, bus: string, service: Downstream): Notices {
  const put = together(MOST_ENTRIES, (entries: readonly PutEventsRequestEntry[]) => putAll(client, service, entries));
  return {
    tell: async (notices) => {
      const refusals = await Promise.all(notices.map((notice) => put(entryOf(notice, bus))));
      const refused = refusals.filter((refusal) => refusal !== undefined);
      if (refused.length > 0) throw refused[0];
    },
  };
}

function entryOf({ type, ...detail }: Notice, bus: string): PutEventsRequestEntry {
  const entry = { EventBusName: bus, Source: SOURCE, DetailType: type, Detail: JSON.stringify(detail) };
  const TraceHeader = activeTraceHeader();
  return TraceHeader === undefined ? entry : { ...entry, TraceHeader };
}

/** Says of each entry why the bus has not got it; one that it did not take is sent again, without those that it did. */
async function putAll(
  client: EventBridgeClient,
  service: Downstream,
  entries: readonly PutEventsRequestEntry[],
): Promise<readonly (unknown | undefined)[]> {
  let left = entries;
  try {
    await service.call(async ({ signal }) => {
      const asked = left.length === 1 ? left.map(({ TraceHeader: _, ...alone }) => alone) : [...left];
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: asked }), { abortSignal: signal });
      const failed = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined);
      left = left.filter((_, place) => Entries[place]?.ErrorCode !== undefined);
      const [first] = failed;
      if (first)
        throw new DependencyFailure(
          `${failed.length} notices were not taken: ${first.ErrorCode}: ${first.ErrorMessage}`,
        );
    });
    return entries.map(() => undefined);
  } catch (error) {
    const refused = new Set(left);
    return entries.map((entry) => (refused.has(entry) ? error : undefined));
  }
}
