import type { Consumer } from "../consumer.ts";
import type { ReceivedMessage } from "../message/received-message.ts";

/** What takes a consumer's personal data out of texts about a message; undefined where it has declared none. */
export function redactorOf<T>(
  { personalFields, encryptedFields }: Pick<Consumer<T>, "encryptedFields" | "personalFields">,
  message: Pick<ReceivedMessage, "attributes" | "body">,
): ((text: string) => string) | undefined {
  const names = personalNames({ personalFields, encryptedFields });
  return (personalFields ?? encryptedFields)?.redactor(message, names);
}

/** The names of all fields with personal data that a consumer has declared. */
export function personalNames<T>({
  personalFields,
  encryptedFields,
}: { readonly [Field in "encryptedFields" | "personalFields"]?: Consumer<T>[Field] | undefined }): readonly string[] {
  return [...(personalFields?.names ?? []), ...(encryptedFields?.names ?? [])];
}
