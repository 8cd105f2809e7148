import { BadPayloadFailure } from "../errors.ts";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Reads base64 (RFC 4648, section 4), with or without its padding.
 * @throws BadPayloadFailure for a text that is none.
 */
export function decodeBase64(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const each of digits) {
    const digit = DIGITS.indexOf(each);
    if (digit < 0) throw new BadPayloadFailure(`A binary value (${text.length} characters) is not base64.`);
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = bits >> held;
  }
  return bytes;
}
