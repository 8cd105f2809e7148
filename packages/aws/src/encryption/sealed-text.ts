import { createCipheriv, createDecipheriv, hkdfSync, timingSafeEqual } from "node:crypto";

/** What a sealed text was sealed for: it opens for nothing else. */
export type SealedFor = Readonly<Record<string, string>>;

/** The parts of a sealed text. */
interface Sealed {
  /** The data key, encrypted by KMS, base64url. */
  readonly wrappedKey: string;
  readonly salt: Buffer;
  readonly commitment: Buffer;
  readonly tag: Buffer;
  readonly text: Buffer;
}

/** Says how the rest is laid out, and keeps a plain text from being taken for a sealed one. */
const LAYOUT = "rq1";
const SALT_BYTES = 32;
const KEY_BYTES = 32;
const COMMITMENT_BYTES = 32;
const TAG_BYTES = 16;

/** Each text has a key of its own, made of its salt, so that it needs no nonce of its own. */
const NONCE: Buffer = Buffer.alloc(12);

/**
 * Seals a text by AES-256-GCM under a key derived from a data key and a salt of 32 random bytes (HKDF-SHA-512). What it is for is authenticated with
 * it, and the key is committed to: a text opens under one data key only.
 */
export function seal(
  plaintext: string,
  sealedFor: SealedFor,
  { key, wrappedKey, salt }: { readonly key: Uint8Array; readonly wrappedKey: string; readonly salt: Buffer },
): string {
  const own = derive(key, salt);
  const cipher = createCipheriv("aes-256-gcm", own.key, NONCE);
  cipher.setAAD(authenticated(wrappedKey, sealedFor));
  const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  const body = Buffer.concat([salt, own.commitment, cipher.getAuthTag(), text]);
  return `${LAYOUT}.${wrappedKey}.${body.toString("base64url")}`;
}

/** The data key that a sealed text was sealed under, as KMS encrypted it; undefined for what is no sealed text. */
export function wrappedKeyOf(sealed: string): string | undefined {
  return read(sealed)?.wrappedKey;
}

/** Opens what `seal` has made; undefined where key, purpose or bytes are others, and for what is no sealed text. */
export function unseal(sealed: string, sealedFor: SealedFor, key: Uint8Array): string | undefined {
  const parts = read(sealed);
  if (!parts) return undefined;
  const own = derive(key, parts.salt);
  if (!timingSafeEqual(own.commitment, parts.commitment)) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", own.key, NONCE);
  decipher.setAAD(authenticated(parts.wrappedKey, sealedFor));
  decipher.setAuthTag(parts.tag);
  try {
    return decipher.update(parts.text, undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}

function derive(dataKey: Uint8Array, salt: Buffer): { readonly key: Buffer; readonly commitment: Buffer } {
  const bytes = Buffer.from(hkdfSync("sha512", dataKey, salt, "reliq sealed text 1", KEY_BYTES + COMMITMENT_BYTES));
  return { key: bytes.subarray(0, KEY_BYTES), commitment: bytes.subarray(KEY_BYTES) };
}

/** The order of the entries does not matter. */
function authenticated(wrappedKey: string, sealedFor: SealedFor): Buffer {
  const entries = Object.entries(sealedFor).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify([LAYOUT, wrappedKey, entries]));
}

function read(sealed: string): Sealed | undefined {
  const [, wrappedKey, rest] = /^rq1\.([\w-]+)\.([\w-]+)$/.exec(sealed) ?? [];
  if (wrappedKey === undefined || rest === undefined) return undefined;
  const body = Buffer.from(rest, "base64url");
  const commitmentAt = SALT_BYTES;
  const tagAt = commitmentAt + COMMITMENT_BYTES;
  const textAt = tagAt + TAG_BYTES;
  if (body.length < textAt) return undefined;
  return {
    wrappedKey,
    salt: body.subarray(0, commitmentAt),
    commitment: body.subarray(commitmentAt, tagAt),
    tag: body.subarray(tagAt, textAt),
    text: body.subarray(textAt),
  };
}
