import { type KeyObject, verify } from "node:crypto";

/** The parts of a JSON Web Token (RFC 7519) in its compact form. */
export interface Token {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

/** The algorithms that are accepted, with their hash and the type of their keys (RFC 7518); a token never chooses another. */
const ALGORITHMS: Readonly<Record<string, readonly [hash: string, kty: "EC" | "RSA"]>> = {
  ES256: ["sha256", "EC"],
  RS256: ["sha256", "RSA"],
  RS384: ["sha384", "RSA"],
  RS512: ["sha512", "RSA"],
};

/** Reads a token, with or without `Bearer` before it; undefined where it is none. */
export function readToken(text: string): Token | undefined {
  const [header = "", payload = "", signature = "", ...rest] = text.replace(/^bearer\s+/i, "").split(".");
  const { alg, kid } = readPart(header) ?? {};
  const claims = readPart(payload);
  if (!claims || typeof alg !== "string" || rest.length > 0) return undefined;
  return {
    alg,
    kid: typeof kid === "string" ? kid : undefined,
    claims,
    signed: `${header}.${payload}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function readPart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The type of key that a token's algorithm wants; undefined for an algorithm that is not accepted. */
export function keyTypeOf({ alg }: Token): "EC" | "RSA" | undefined {
  return Object.hasOwn(ALGORITHMS, alg) ? ALGORITHMS[alg]?.[1] : undefined;
}

/** Whether the key signed the token. */
export function isSignedBy(key: KeyObject, { alg, signed, signature }: Token): boolean {
  const [hash = ""] = ALGORITHMS[alg] ?? [];
  return verify(hash, Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }, signature);
}
