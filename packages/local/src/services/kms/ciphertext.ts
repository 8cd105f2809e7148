import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ServiceError } from "../../kernel/service-error.ts";
import { isMultiRegion, type Key } from "./key.ts";

/** An encryption context: what was said at the encryption must be said again at the decryption. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** The first byte of a ciphertext blob: how the rest is laid out, which is the key's id, the nonce, the tag and the text; another one where the id is of a multi-Region key. */
const LAYOUT = 1;
const MULTI_REGION_LAYOUT = 2;
const ID_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES + TAG_BYTES;

/** Encrypts by AES-256-GCM; the key's id and the context are authenticated with the text. */
export function seal({ id, material }: Key, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const layout = isMultiRegion(id) ? MULTI_REGION_LAYOUT : LAYOUT;
  const idBytes = Buffer.from(id.replace(/^mrk-/, "").replaceAll("-", ""), "hex");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", material, nonce);
  cipher.setAAD(authenticated(id, context));
  const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([layout]), idBytes, nonce, cipher.getAuthTag(), text]);
}

/** The id of the key that a blob was encrypted with. @throws InvalidCiphertextException for what is no such blob */
export function keyIdOf(blob: Buffer): string {
  const isOfMany = blob[0] === MULTI_REGION_LAYOUT;
  if (blob.length < HEAD_BYTES || (blob[0] !== LAYOUT && !isOfMany)) throw invalidCiphertext();
  const digits = blob.subarray(1, 1 + ID_BYTES).toString("hex");
  if (isOfMany) return `mrk-${digits}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Decrypts what `seal` has made. @throws InvalidCiphertextException where key, context or bytes are others */
export function open({ id, material }: Key, blob: Buffer, context: EncryptionContext): Buffer {
  const nonceAt = 1 + ID_BYTES;
  const tagAt = nonceAt + NONCE_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", material, blob.subarray(nonceAt, tagAt));
  decipher.setAAD(authenticated(id, context));
  decipher.setAuthTag(blob.subarray(tagAt, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(blob.subarray(HEAD_BYTES)), decipher.final()]);
  } catch (cause) {
    throw invalidCiphertext(cause);
  }
}

/** The order of a context's entries does not matter (Developer Guide, Encryption context). */
function authenticated(id: string, context: EncryptionContext): Buffer {
  const entries = Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify([id, entries]));
}

/** KMS says no more than that, so that nobody learns from it what was wrong. */
export function invalidCiphertext(cause?: unknown): ServiceError {
  return new ServiceError("InvalidCiphertextException", "", { cause });
}
