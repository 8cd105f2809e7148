import { ReliqError, ValidationFailure } from "../errors.ts";
import { type PersonalFields, redacted } from "../redact/redacted.ts";
import { inTime } from "../until-aborted.ts";
import type { ReceivedMessage } from "./received-message.ts";
import type { Unwrapped } from "./unwrap.ts";

/** Opens encrypted fields. */
export interface Decryption {
  /**
   * Gives back the plain value of each field, by its name.
   * @throws what makes the attempt on the message fail, where a field cannot be opened.
   */
  decrypt(
    fields: Readonly<Record<string, string>>,
    message: ReceivedMessage,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** Fields that a consumer decrypts; they are personal fields too. Made by `decrypted`. */
export interface EncryptedFields extends PersonalFields {
  readonly open: (content: Unwrapped, signal: AbortSignal) => Promise<Unwrapped>;
}

/**
 * Fields at the top of the body that are opened before the schema sees them, and whose values are kept out of the journal and of Reliq's log
 * lines; one that is not there is the schema's business.
 * @throws ReliqError `consumer-option` where `names` is no list of names or `decryption` opens nothing.
 */
export function decrypted(names: readonly string[], decryption: Decryption): EncryptedFields {
  if (typeof decryption?.decrypt !== "function") {
    throw new ReliqError(
      "consumer-option",
      "decrypted(names, decryption): the second is what opens them, `{ decrypt: async (fields, message) => … }`.",
    );
  }
  return { ...redacted(names), open: (content, signal) => decryptFields(names, content, decryption, signal) };
}

/** @throws ValidationFailure for a field that is no text, ReliqError `decryption-incomplete` for one that is left out, and what opens them throws. */
async function decryptFields(
  names: readonly string[],
  { value, read }: Unwrapped,
  decryption: Decryption,
  signal: AbortSignal,
): Promise<Unwrapped> {
  const fields = encryptedValues(names, value);
  if (Object.keys(fields).length === 0) return { value, read };
  const plain = await inTime("The decryption", () => decryption.decrypt(fields, read), signal);
  const missing = Object.keys(fields).find((name) => !Object.hasOwn(plain, name));
  if (missing !== undefined) {
    throw new ReliqError("decryption-incomplete", `The decryption gave back no field ${missing}.`);
  }
  const body: unknown = Object.fromEntries(
    Object.entries(value as object).map(([name, each]) => [name, Object.hasOwn(fields, name) ? plain[name] : each]),
  );
  return { value: body, read: { ...read, body: JSON.stringify(body) } };
}

function encryptedValues(names: readonly string[], value: unknown): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  if (typeof value !== "object" || value === null) return fields;
  for (const name of names) {
    if (!Object.hasOwn(value, name)) continue;
    const text = (value as Record<string, unknown>)[name];
    if (typeof text !== "string") throw new ValidationFailure(`The encrypted field ${name} is not a text.`);
    fields[name] = text;
  }
  return fields;
}
