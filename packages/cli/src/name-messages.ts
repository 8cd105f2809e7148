import { regionEnds } from "@reliq/aws";
import { type FailureStore, nameMessages } from "@reliq/core/recovery";
import type { NamedAccount } from "./accounts.ts";
import type { QueueFamily } from "./queues.ts";

/** An account with the names of its messages that ended without their consumer, as the region remembers them. */
export async function withNames(
  endpoint: string,
  account: NamedAccount,
  { sources, deadLetterQueue }: QueueFamily,
  stores: readonly FailureStore[],
): Promise<NamedAccount> {
  const queues = sources.map(({ name, url }) => ({ url, source: name }));
  const dead = deadLetterQueue ? [{ url: deadLetterQueue.url, source: sources[0]?.name ?? "" }] : [];
  const ends = await regionEnds(endpoint, [...queues, ...dead]);
  const messages = ends.length === 0 ? [] : await nameMessages(ends, oneOf(stores));
  return messages.length === 0 ? account : { ...account, messages };
}

/** A queue's failed messages are in one of the stores. */
function oneOf(stores: readonly FailureStore[]): Pick<FailureStore, "failures"> | undefined {
  if (stores.length === 0) return undefined;
  return {
    failures: async (ids) => {
      const found = await Promise.all(stores.map((store) => store.failures(ids)));
      return ids.map((_, index) => found.find((records) => records[index] !== undefined)?.[index]);
    },
  };
}
