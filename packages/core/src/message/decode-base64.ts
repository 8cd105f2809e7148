import { BadPayloadFailure } from "../errors.ts";

/**
 * Reads base64 (RFC 4648, section 4), with or without its padding.
 * @throws BadPayloadFailure for a text that is none.
 */
export function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
  } catch {
    throw new BadPayloadFailure(`A binary value (${text.length} characters) is not base64.`);
  }
}
