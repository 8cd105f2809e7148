import { createSign, generateKeyPairSync, hash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Who is in the issuer's books, and the role that its tokens say. */
const PEOPLE: Readonly<Record<string, string>> = { ann: "operator", bob: "approver", eve: "viewer" };

/** How long a token lasts, seconds: the page renews one a minute before its end, and so all the time. */
const LASTS_SECONDS = 62;

/** An issuer of tokens (OpenID Connect) on this machine, where whoever signs in only says who it is. */
export interface Issuer {
  readonly url: string;
  readonly clientId: string;
  /** A token of a person, with claims of one's own. */
  readonly token: (person: string, claims?: Readonly<Record<string, unknown>>) => string;
  /** How often a token was renewed. */
  readonly renewals: () => number;
  readonly end: () => void;
}

interface Asked {
  readonly person: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

/** Starts an issuer: a code is good once, and only for who has the verifier of its challenge (RFC 7636). */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const clientId = "console";
  const codes = new Map<string, Asked>();
  const refreshes = new Map<string, string>();
  let renewals = 0;
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token: Issuer["token"] = (person, claims = {}) => {
    const seconds = Math.floor(Date.now() / 1_000);
    const times = { iat: seconds - 5, exp: seconds + LASTS_SECONDS };
    const said = { iss: url(), aud: clientId, sub: person, reliq_role: PEOPLE[person], ...times, ...claims };
    const parts = [{ alg: "RS256", kid: "k" }, said].map((part) => base64Url(JSON.stringify(part)));
    const signature = createSign("sha256").update(parts.join(".")).sign(privateKey);
    return [...parts, signature.toString("base64url")].join(".");
  };
  const given = (person: string): object => {
    const refresh = randomUUID();
    refreshes.set(refresh, person);
    return { access_token: token(person), token_type: "Bearer", expires_in: LASTS_SECONDS, refresh_token: refresh };
  };
  const exchange = (form: URLSearchParams): object | undefined => {
    if (form.get("grant_type") === "refresh_token") {
      const person = refreshes.get(form.get("refresh_token") ?? "");
      renewals += 1;
      return person === undefined ? undefined : given(person);
    }
    const code = form.get("code") ?? "";
    const asked = codes.get(code);
    codes.delete(code);
    const challenge = hash("sha256", form.get("code_verifier") ?? "", "base64url");
    const fits = asked?.challenge === challenge && asked.redirectUri === form.get("redirect_uri");
    return asked && fits ? given(asked.person) : undefined;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", url());
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return sendJson(response, 200, { issuer: url(), jwks_uri: `${url()}/keys` });
      case "/keys":
        return sendJson(response, 200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", use: "sig" }] });
      case "/authorize":
        response.setHeader("content-type", "text/html");
        return void response.end(signInPage(query));
      case "/as": {
        const code = randomUUID();
        const [person = "", redirectUri = ""] = [query.get("person") ?? "", query.get("redirect_uri") ?? ""];
        codes.set(code, { person, redirectUri, challenge: query.get("code_challenge") ?? "" });
        const back = new URLSearchParams({ code, state: query.get("state") ?? "" });
        return void response.writeHead(302, { location: `${redirectUri}?${back}` }).end();
      }
      default: {
        const answer = exchange(new URLSearchParams(await text(request)));
        return sendJson(response, answer ? 200 : 400, answer ?? { error: "invalid_grant" });
      }
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: url(), clientId, token, renewals: () => renewals, end: () => server.close() };
}

function signInPage(query: URLSearchParams): string {
  const links = Object.keys(PEOPLE).map((person) => {
    const to = new URLSearchParams([...query, ["person", person]]);
    return `<a href="/as?${to.toString().replaceAll("&", "&amp;")}">${person}</a>`;
  });
  return `<title>Sign in</title>${links.join(" ")}`;
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json", "access-control-allow-origin": "*" });
  response.end(JSON.stringify(value));
}

function base64Url(value: string): string {
  return Buffer.from(value).toString("base64url");
}
