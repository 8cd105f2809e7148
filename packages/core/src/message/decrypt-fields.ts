import { ReliqError, ValidationFailure } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import type { Unwrapped } from "./unwrap.ts";

/**
 * Puts plain values where a body has encrypted fields; a field that is not there is the schema's business.
 * @throws ValidationFailure for a field that is no encrypted text, ReliqError `decryption-incomplete` for a port that leaves a field out,
 * and what the port throws.
 */
export async function decryptFields(
  names: readonly string[],
  { value, read }: Unwrapped,
  { decryption }: ConsumePorts,
  signal: AbortSignal,
): Promise<Unwrapped> {
  const fields = encryptedFields(names, value);
  if (Object.keys(fields).length === 0 || !decryption) return { value, read };
  const plain = await inTime("The decryption", () => decryption.decrypt(fields, read), signal);
  const missing = Object.keys(fields).find((name) => !Object.hasOwn(plain, name));
  if (missing !== undefined) {
    throw new ReliqError("decryption-incomplete", `The port \`decryption\` gave back no field ${missing}.`);
  }
  const body: unknown = Object.fromEntries(
    Object.entries(value as object).map(([name, each]) => [name, Object.hasOwn(fields, name) ? plain[name] : each]),
  );
  return { value: body, read: { ...read, body: JSON.stringify(body) } };
}

function encryptedFields(names: readonly string[], value: unknown): Readonly<Record<string, string>> {
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
