/** What a console that a local region does not serve finds beside it, in `config.json`. */
export interface ConsoleConfig {
  /** `eu-west-1` */
  readonly region: string;
  /** The recovery APIs, by the names that the console shows. */
  readonly systems: readonly { readonly name: string; readonly api: string }[];
  readonly signIn: ConsoleSignIn;
  /** What tells of the region itself: flow, queues, alarms and dashboards. @default nobody does */
  readonly regionApi?: string;
}

/** How a person signs in: by the authorization-code flow with PKCE (RFC 6749, RFC 7636), as a client that keeps no secret. */
export interface ConsoleSignIn {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** `openid` */
  readonly scope: string;
  /** Which token the APIs take. */
  readonly token: "access" | "id";
  /** Further parameters of the authorization request, such as `audience` where an issuer wants it. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where signing out leads. */
  readonly signOutUrl?: string;
}

/** Names the element of a page that says where its `config.json` is; a page of a local region has none. */
export const CONFIG_META = "reliq-config";

/**
 * The policy of a console's page: scripts and styles come from its own files alone, so what a message holds can be neither. Nothing is fetched
 * from elsewhere than `connect` says, and no page may frame this one.
 */
export function contentPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The built page as it finds its `config.json`, and asks nobody but those that are named; the policy in its header holds beside this one. */
export function configuredPage(html: string, connect: readonly string[]): string {
  const config = `<meta name="${CONFIG_META}" content="/config.json" />`;
  // A source that ends in a slash stands for all that is below it.
  const sources = connect.map((each) => (/^'|\/$/.test(each) ? each : `${each}/`));
  const policy = `<meta http-equiv="Content-Security-Policy" content="connect-src ${sources.join(" ")}" />`;
  return html.replace("<head>", `<head>\n    ${config}\n    ${policy}`);
}
