import type { Members } from "../../../kernel/service.ts";
import type { Passage } from "../event.ts";
import type { JwtAuthorizer } from "../http-api.ts";
import type { Authorization } from "./authorization.ts";
import { identityAt } from "./identity-source.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import { isSignedBy, keyTypeOf, readToken, type Token } from "./json-web-token.ts";

/** Authorizes by a token (HTTP API developer guide, Control access with JWT authorizers); times are the region's. */
export async function authorizeByToken(
  authorizer: JwtAuthorizer,
  passage: Passage,
  keys: IssuerKeys,
): Promise<Authorization> {
  const given = identityAt(authorizer.identitySource, passage);
  if (given === undefined) return { kind: "unauthorized", challenge: "Bearer" };
  const token = readToken(given);
  if (!token) return invalid("the token is not a JSON Web Token");
  const fault = (await signatureFault(token, authorizer, keys)) ?? claimsFault(token.claims, authorizer, passage.atMs);
  if (fault !== undefined) return invalid(fault);
  const { scopes } = passage.match.route;
  const granted = scopesOf(token.claims);
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
    return { kind: "forbidden", challenge: `Bearer scope="${scopes.join(" ")}" error="insufficient_scope"` };
  }
  return {
    kind: "allowed",
    authorizer: { jwt: { claims: claimTexts(token.claims), scopes: scopes.length > 0 ? scopes : null } },
  };
}

function invalid(description: string): Authorization {
  return { kind: "unauthorized", challenge: `Bearer error="invalid_token" error_description="${description}"` };
}

async function signatureFault(token: Token, { issuer }: JwtAuthorizer, keys: IssuerKeys): Promise<string | undefined> {
  const keyType = keyTypeOf(token);
  if (keyType === undefined) return "the algorithm is not accepted";
  try {
    const key = await keys(issuer, token.kid, keyType);
    if (!key) return "the issuer has no such key";
    return isSignedBy(key, token) ? undefined : "the signature is not the issuer's";
  } catch {
    return "the issuer's keys cannot be had";
  }
}

/** What is wrong with the claims, or undefined. */
function claimsFault(claims: Token["claims"], authorizer: JwtAuthorizer, nowMs: number): string | undefined {
  const { iss, aud, client_id: clientId, exp, nbf, iat } = claims;
  const nowSeconds = nowMs / 1_000;
  const audiences = aud === undefined ? [clientId] : [aud].flat();
  if (iss !== authorizer.issuer) return "the issuer is another";
  if (!audiences.some((each) => authorizer.audience.includes(String(each)))) return "the audience is another";
  if (typeof exp !== "number" || exp <= nowSeconds) return "the token has expired";
  if (isLater(nbf, nowSeconds) || isLater(iat, nowSeconds)) return "the token is not valid yet";
  return undefined;
}

/** A time that is given must be one, and past. */
function isLater(time: unknown, nowSeconds: number): boolean {
  return time !== undefined && (typeof time !== "number" || time > nowSeconds);
}

function scopesOf({ scope, scp }: Token["claims"]): readonly string[] {
  const given = scope ?? scp ?? "";
  return Array.isArray(given) ? given.map(String) : String(given).split(" ");
}

/** Functions get every claim as a text, lists as `[a b]`. */
function claimTexts(claims: Token["claims"]): Members {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(" ")}]` : typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}
