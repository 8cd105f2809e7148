import { messageBytes } from "../message/pack-batches.ts";
import type { ContentChange, FailedMessage, MessageContent } from "./failed-message.ts";

/**
 * A record with other content: what the producer sent is kept beside it, whatever was changed before. `bodyBytes` is told where the
 * body itself is in object storage already.
 */
export function changedContent(
  before: FailedMessage,
  content: MessageContent,
  change: ContentChange,
  bodyBytes: number = messageBytes({ body: content.body }),
): FailedMessage {
  const { body, bodyAt, largeBody, attributes, ...rest } = before;
  const places = { ...(bodyAt && { bodyAt }), ...(largeBody && { largeBody }) };
  return {
    ...rest,
    ...content,
    ...(largeBody && content.body === body && { largeBody }),
    bodyBytes,
    original: before.original ?? { body, attributes, ...places },
    changes: [...before.changes, change],
  };
}
