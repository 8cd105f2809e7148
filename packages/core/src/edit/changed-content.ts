import type { ContentChange, FailedMessage, MessageContent } from "../failure/failed-message.ts";

/** A record with other content: what the producer sent is kept beside it, whatever was changed before. */
export function changedContent(
  before: FailedMessage,
  content: MessageContent,
  bodyBytes: number,
  change: ContentChange,
): FailedMessage {
  const { body, bodyAt, largeBody, attributes, ...rest } = before;
  const places = { ...(bodyAt && { bodyAt }), ...(largeBody && { largeBody }) };
  const original = before.original ?? { body, attributes, ...places };
  return {
    ...rest,
    ...content,
    ...(largeBody && content.body === body && { largeBody }),
    bodyBytes,
    original,
    version: before.version + 1,
    changes: [...before.changes, change],
    updatedAtMs: change.atMs,
  };
}
