import type { Consumer } from "../consumer.ts";
import type { ReceivedMessage } from "../message/received-message.ts";

/** What takes a consumer's personal data out of texts about a message; undefined where it has declared none. */
export function redactorOf<T>(
  { personalFields, encryptedFields }: Pick<Consumer<T>, "encryptedFields" | "personalFields">,
  message: Pick<ReceivedMessage, "attributes" | "body">,
): ((text: string) => string) | undefined {
  const names = [...(personalFields?.names ?? []), ...(encryptedFields?.names ?? [])];
  return (personalFields ?? encryptedFields)?.redactor(message, names);
}
