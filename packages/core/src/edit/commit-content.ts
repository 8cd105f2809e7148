import { placeBody } from "../capture/place-content.ts";
import { changedContent } from "../failure/changed-content.ts";
import type { ContentChange, FailedMessage, MessageContent } from "../failure/failed-message.ts";
import { messageBytes } from "../message/pack-batches.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/** A change of content, and who is behind it. */
export interface AskedChange extends Omit<ContentChange, "atMs"> {
  /** The person: of a repair, who asked for it. */
  readonly askedBy: string;
}

/** Commits a held message's other content with its audit entry; gives back the new record, or undefined where somebody else changed it meanwhile. */
export async function commitContent(
  before: FailedMessage,
  content: MessageContent,
  { askedBy, ...asked }: AskedChange,
  ports: RecoverPorts,
): Promise<FailedMessage | undefined> {
  const { store, now } = ports;
  const change = { ...asked, atMs: now() };
  const placed = await placeBody(`${before.id}/edit-${before.version}`, content, ports);
  const after = {
    ...changedContent(before, placed, change, messageBytes({ body: content.body })),
    version: before.version + 1,
    updatedAtMs: change.atMs,
  };
  const { kind, by, diff, atMs } = change;
  const answer = await store.commit({
    failures: [{ before, after }],
    audit: {
      chain: before.queue,
      atMs,
      by: askedBy,
      action: kind === "edit" ? "edited" : "repaired",
      subjects: [before.id],
      details: { diff, ...(kind === "repair" && { repair: by }) },
    },
  });
  return answer === "committed" ? after : undefined;
}
