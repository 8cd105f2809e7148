import type { ConsoleSignIn } from "@reliq/core/recovery";
import { Refused } from "../api/call-api.ts";
import { challengeOf, newVerifier } from "./pkce.ts";

/** What an issuer gives for a code, or for a refresh token. */
export interface Tokens {
  readonly token: string;
  readonly refresh?: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/** Where what the page needs when it comes back from the issuer is kept meanwhile; it is taken out at once, and no token is ever there. */
const KEPT = "reliq-sign-in";

interface Kept {
  readonly state: string;
  readonly verifier: string;
  /** Where the person was going. */
  readonly place: string;
}

/**
 * Signs a person in: goes to the issuer, or, coming back from there, takes the code out of the address and exchanges it.
 * @throws Refused where the issuer refuses
 */
export async function signIn(settings: ConsoleSignIn): Promise<Tokens> {
  const query = new URLSearchParams(location.search);
  const kept = takeKept();
  const code = query.get("code");
  if (kept && query.get("state") === kept.state) {
    history.replaceState(null, "", kept.place);
    if (code === null) throw new Refused("sign-in", query.get("error_description") ?? `${query.get("error")}`);
    return exchange(settings, {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri(),
      code_verifier: kept.verifier,
    });
  }
  // A code that this page did not ask for is nobody's: it is left unused, and the person signs in.
  return goToIssuer(settings, code === null ? location.pathname + location.search : "/");
}

/** Leaves for the issuer: nothing of the page goes on. */
export async function goToIssuer(settings: ConsoleSignIn, place: string): Promise<never> {
  const kept: Kept = { state: newVerifier(), verifier: newVerifier(), place };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  const query = new URLSearchParams({
    ...settings.parameters,
    response_type: "code",
    client_id: settings.clientId,
    redirect_uri: redirectUri(),
    scope: settings.scope,
    state: kept.state,
    code_challenge: await challengeOf(kept.verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${settings.authorizeUrl}?${query}`);
  return new Promise(() => undefined);
}

/** Exchanges a code, or a refresh token, for tokens. @throws Refused where the issuer refuses, or gives no token that the APIs take */
export async function exchange(settings: ConsoleSignIn, given: Readonly<Record<string, string>>): Promise<Tokens> {
  const body = new URLSearchParams({ ...given, client_id: settings.clientId });
  const answer = await fetch(settings.tokenUrl, { method: "POST", body });
  const said = (await answer.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const token = said[`${settings.token}_token`];
  if (!answer.ok || typeof token !== "string") {
    throw new Refused(
      "sign-in",
      `The issuer gave no token: ${said["error_description"] ?? said["error"] ?? answer.status}`,
    );
  }
  const { refresh_token: refresh = given["refresh_token"], expires_in: seconds } = said;
  const expiresAtMs = Date.now() + (Number(seconds) || 300) * 1_000;
  return { token, expiresAtMs, ...(typeof refresh === "string" && { refresh }) };
}

function redirectUri(): string {
  return `${location.origin}/`;
}

function takeKept(): Kept | undefined {
  const text = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return text === null ? undefined : JSON.parse(text);
}
