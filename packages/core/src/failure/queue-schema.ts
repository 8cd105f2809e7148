import { describeError } from "../classify/thrown.ts";
import type { Consumer } from "../consumer.ts";
import { extendedClientPointer } from "../message/large-bodies.ts";
import { parseBody } from "../message/parse-body.ts";
import { parseMessage } from "../message/parse-message.ts";
import { messageRedactor } from "../redact/message-redactor.ts";
import { personalNames } from "../redact/redactor-of.ts";

/** What a queue's consumer takes; a consumer is one itself. */
export type QueueSchema = Pick<Consumer<unknown>, "schema"> &
  Partial<Pick<Consumer<unknown>, "encryptedFields" | "envelope" | "personalFields">>;

/**
 * Why a body does not fit what the queue's consumer takes, without values of fields with these names; undefined where it does, and where that
 * cannot be seen from here: of an encrypted body, and of one that is in S3. Never throws.
 */
export async function describeMisfit(
  queueSchema: QueueSchema,
  body: string,
  personal: readonly string[] = personalNames(queueSchema),
): Promise<string | undefined> {
  const { schema, envelope, encryptedFields } = queueSchema;
  try {
    const value = parseBody(body);
    if (encryptedFields || extendedClientPointer(value)) return undefined;
    await parseMessage(schema, envelope ? envelope(value).value : value);
    return undefined;
  } catch (thrown) {
    return messageRedactor({ body, attributes: {} }, personal)(describeError(thrown));
  }
}
