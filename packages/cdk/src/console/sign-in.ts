import type { ConsoleSignIn } from "@reliq/core/recovery";
import { Stack, Token } from "aws-cdk-lib";
import { type IUserPool, OAuthScope, UserPoolClient, type UserPoolDomain } from "aws-cdk-lib/aws-cognito";
import type { Construct } from "constructs";
import type { TokenIssuer } from "../function-api.ts";

/** People of a user pool of Cognito sign in; a client of the pool is made for the console. */
export interface UserPoolSignIn {
  readonly userPool: IUserPool;
  /** Where its sign-in pages are. */
  readonly domain: UserPoolDomain;
  /** The claim that says a person's role. @default "cognito:groups": who is in the pool's group `viewer`, `operator` or `approver` */
  readonly roleClaim?: string;
}

/** People of another issuer sign in, by a client of it that keeps no secret, and may come back to the console's `url`. */
export interface IssuerSignIn {
  /** `https://…`, as its tokens name it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** What its tokens are for. @default the client */
  readonly audience?: readonly string[];
  /** @default "openid" */
  readonly scope?: string;
  /** Which token the APIs take: it has to be a JSON Web Token. @default "access" */
  readonly token?: "access" | "id";
  /** The claim that says a person's role: viewer, operator or approver. @default "reliq_role" */
  readonly roleClaim?: string;
  /** Further parameters of the authorization request, such as `audience`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where signing out leads. @default nobody signs out: closing the page forgets the tokens */
  readonly signOutUrl?: string;
}

/** How people sign in, as the page and as the APIs have to know it. */
export interface SignedIn {
  readonly signIn: ConsoleSignIn;
  readonly authorizer: TokenIssuer;
}

/** Where the page exchanges a code: it has to be let ask there. */
export function tokenOriginOf(given: IssuerSignIn | UserPoolSignIn): string {
  return "userPool" in given ? given.domain.baseUrl() : new URL(given.tokenUrl).origin;
}

/** Prepares signing in to a console at a URL. */
export function prepareSignIn(scope: Construct, given: IssuerSignIn | UserPoolSignIn, url: string): SignedIn {
  return "userPool" in given ? byUserPool(scope, given, url) : byIssuer(given);
}

function byUserPool(scope: Construct, { userPool, domain, roleClaim }: UserPoolSignIn, url: string): SignedIn {
  const client = new UserPoolClient(scope, "Client", {
    userPool,
    generateSecret: false,
    preventUserExistenceErrors: true,
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID],
      callbackUrls: [`${url}/`],
      logoutUrls: [`${url}/`],
    },
  });
  const clientId = client.userPoolClientId;
  const base = domain.baseUrl();
  return {
    signIn: {
      authorizeUrl: `${base}/oauth2/authorize`,
      tokenUrl: `${base}/oauth2/token`,
      clientId,
      scope: "openid",
      token: "access",
      signOutUrl: `${base}/logout?client_id=${clientId}&logout_uri=${url}/`,
    },
    authorizer: {
      issuer: `https://cognito-idp.${Stack.of(scope).region}.amazonaws.com/${userPool.userPoolId}`,
      audience: [clientId],
      roleClaim: roleClaim ?? "cognito:groups",
    },
  };
}

function byIssuer(given: IssuerSignIn): SignedIn {
  const { issuer, audience, roleClaim, clientId, tokenUrl, scope = "openid", token = "access", ...rest } = given;
  return {
    signIn: { ...rest, clientId, tokenUrl, scope, token },
    authorizer: { issuer, audience: audience ?? [clientId], ...(roleClaim !== undefined && { roleClaim }) },
  };
}

/** What a sign-in takes, where a value does not fit it. */
export function checkSignIn(value: unknown): string | undefined {
  const given = (value ?? {}) as Partial<IssuerSignIn & UserPoolSignIn>;
  if (given.userPool && given.domain) return undefined;
  const { issuer, clientId, authorizeUrl, tokenUrl } = given;
  const urls = [issuer, authorizeUrl, tokenUrl].every(
    (url) => Token.isUnresolved(url) || (typeof url === "string" && /^https:\/\/\S+$/.test(url)),
  );
  const fits = urls && typeof clientId === "string" && clientId !== "" && !Token.isUnresolved(tokenUrl);
  return fits
    ? undefined
    : "{ userPool, domain }, or { issuer, clientId, authorizeUrl, tokenUrl } with https addresses";
}
