import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Clock } from "../../../kernel/clock.ts";

/** How long an issuer's keys count (HTTP API developer guide, JWT authorizers: two hours), ms. */
const KEPT_MS = 7_200_000;

/** How soon the keys are fetched again for a token whose key is not among them, ms. */
const AGAIN_MS = 10_000;

const FETCH_LIMIT_MS = 5_000;

interface IssuerKey {
  readonly kid: string | undefined;
  readonly kty: string | undefined;
  readonly key: KeyObject;
}

/** Finds the public key of an issuer that a token names. @throws Error that says why the keys cannot be had */
export type IssuerKeys = (issuer: string, kid: string | undefined, kty: string) => Promise<KeyObject | undefined>;

/** Fetches each issuer's keys as OpenID Connect Discovery says, and keeps them. */
export function createIssuerKeys(clock: Clock): IssuerKeys {
  const known = new Map<string, { readonly atMs: number; readonly keys: Promise<readonly IssuerKey[]> }>();
  const keysOf = (issuer: string, youngestMs: number): Promise<readonly IssuerKey[]> => {
    const kept = known.get(issuer);
    if (kept && clock.now() - kept.atMs < youngestMs) return kept.keys;
    const keys = fetchKeys(issuer);
    known.set(issuer, { atMs: clock.now(), keys });
    // What could not be fetched is fetched again by the next request.
    keys.catch(() => known.delete(issuer));
    return keys;
  };
  return async (issuer, kid, kty) => {
    const find = (keys: readonly IssuerKey[]): KeyObject | undefined =>
      keys.find((each) => each.kid === kid && each.kty === kty)?.key;
    return find(await keysOf(issuer, KEPT_MS)) ?? find(await keysOf(issuer, AGAIN_MS));
  };
}

async function fetchKeys(issuer: string): Promise<readonly IssuerKey[]> {
  const discovery = await fetchJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const { keys } = (await fetchJson(String(discovery["jwks_uri"]))) as { keys?: readonly JsonWebKey[] };
  return (keys ?? []).flatMap((jwk) => {
    try {
      const { kid, kty } = jwk as { kid?: string; kty?: string };
      return { kid, kty, key: createPublicKey({ key: jwk, format: "jwk" }) };
    } catch {
      // A key of a kind that is not known here is no reason to refuse the others.
      return [];
    }
  });
}

async function fetchJson(url: string): Promise<Record<string, unknown>> {
  if (!isTrusted(url)) throw new Error(`${url} is neither https nor on this machine`);
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Keys that come over a network unencrypted could be anybody's. */
function isTrusted(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname));
}
