import type { FailedMessage, MessageContent } from "../failure/failed-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { DecidedLetter } from "./decide-letter.ts";

/** A larger body is kept in object storage, so that a record stays far under DynamoDB's 400 KB; bytes. */
const LARGEST_INLINE_BYTES = 32_768;

/**
 * Puts what belongs into object storage there, before the record that points to it: the archived message, and a body that is
 * too large for the table. Keys are made of the message and its death, so a repeat overwrites itself.
 */
export async function placeContent(decided: DecidedLetter, ports: RecoverPorts): Promise<DecidedLetter> {
  const { after, explained } = decided;
  const placed = await placeBodies(after, ports);
  if (after.state !== "archived") return { ...decided, after: placed };
  const archivedAtMs = after.updatedAtMs;
  const archive = await ports.archive.put({ v: 1, failure: after, attempts: explained.attempts, archivedAtMs });
  return { ...decided, after: { ...placed, archive } };
}

async function placeBodies(failure: FailedMessage, ports: RecoverPorts): Promise<FailedMessage> {
  const { id, deaths, original } = failure;
  const content = await placeBody(`${id}/${deaths}`, failure, ports);
  return {
    ...failure,
    ...content,
    ...(original && { original: await placeBody(`${id}/original`, original, ports) }),
  };
}

/** A content whose body is small is kept as it is, and one that is placed already. */
export async function placeBody(
  name: string,
  { body, bodyAt, largeBody, attributes }: MessageContent,
  { archive }: Pick<RecoverPorts, "archive">,
): Promise<MessageContent> {
  const kept = { attributes, ...(largeBody && { largeBody }) };
  if (bodyAt || body.length <= LARGEST_INLINE_BYTES / 3) return { body, ...kept, ...(bodyAt && { bodyAt }) };
  return { body: "", bodyAt: await archive.putBody(name, body), ...kept };
}
