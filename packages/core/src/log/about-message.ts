import type { Consumer } from "../consumer.ts";
import { lineageOf } from "../message/envelope.ts";
import type { ReceivedMessage } from "../message/received-message.ts";

/** What names a message in a line of the log. */
export interface AboutMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly lineage: string;
}

/** What names a consumer's message there. */
interface AboutAttempt extends AboutMessage {
  readonly consumer: string;
  /** What its producer put into the attribute `correlation_id` or `correlationId`, where that is no personal field. */
  readonly correlationId?: string;
}

/** The longest correlation id that is logged whole, characters. */
const LONGEST_CORRELATION_ID = 200;

/** Names a message for the log: its queue, its id, and its lineage. */
export function aboutMessage({
  queue,
  messageId,
  attributes,
}: Pick<ReceivedMessage, "attributes" | "messageId" | "queue">): AboutMessage {
  return { queue, messageId, lineage: lineageOf({ messageId, attributes }) };
}

/** Names a consumer and its message for the log, with the correlation id that came with it. */
export function aboutAttempt<T>({ name, personalFields }: Consumer<T>, message: ReceivedMessage): AboutAttempt {
  const about = { consumer: name, ...aboutMessage(message) };
  for (const each of CORRELATION_IDS) {
    const correlationId = message.attributes[each]?.stringValue?.slice(0, LONGEST_CORRELATION_ID);
    if (correlationId && !personalFields?.names.includes(each)) return { ...about, correlationId };
  }
  return about;
}

const CORRELATION_IDS = ["correlation_id", "correlationId"];
