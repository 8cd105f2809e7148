import type { ApiAnswers, ConsoleConfig } from "@reliq/core/recovery";
import { callApi, Refused } from "../api/call-api.ts";
import type { Connection } from "../api/connection.ts";
import type { RegionFacts } from "../contract/region.ts";
import { exchange, goToIssuer, signIn, type Tokens } from "./sign-in.ts";

/** How often the totals are read, milliseconds: there is no stream of what happens. */
const INTERVAL_MS = 5_000;

/** How long before its end a token is renewed, milliseconds. */
const RENEWED_BEFORE_MS = 60_000;

/**
 * The page asks recovery APIs on AWS directly, as a person who has signed in. Tokens are in this function's memory and nowhere else: who loads
 * the page anew signs in anew.
 * @throws Refused where the issuer refuses
 */
export async function remoteConnection(config: ConsoleConfig): Promise<Connection> {
  const { systems, signIn: settings } = config;
  let tokens: Promise<Tokens> = signIn(settings);
  await tokens;
  const token = async (): Promise<string> => {
    const known = tokens;
    const { expiresAtMs, refresh, token: current } = await known;
    if (Date.now() < expiresAtMs - RENEWED_BEFORE_MS) return current;
    // Of several that ask at once one renews: an issuer takes a refresh token once.
    if (tokens === known) tokens = renewed(settings, refresh);
    return (await tokens).token;
  };
  const reach: Connection["reach"] = async (path) => {
    const [, name = "", rest = ""] = /^\/api\/systems\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const system = systems.find((each) => each.name === decodeURIComponent(name));
    if (!system)
      throw new Refused("api-missing", "Here the console shows what recovery APIs know, and this is not of one.");
    return { url: system.api.replace(/\/$/, "") + rest, headers: { authorization: `Bearer ${await token()}` } };
  };
  return {
    reach,
    region: (signal) => regionOf(config, signal),
    follow: (heard, silent) => follow(config, heard, silent),
  };
}

/** What cannot be renewed ends with signing in anew. */
function renewed(settings: ConsoleConfig["signIn"], refresh: string | undefined): Promise<Tokens> {
  const again = (): Promise<never> => goToIssuer(settings, location.pathname + location.search);
  if (refresh === undefined) return again();
  return exchange(settings, { grant_type: "refresh_token", refresh_token: refresh }).catch(again);
}

async function regionOf(
  { region, systems, signIn: settings }: ConsoleConfig,
  signal: AbortSignal,
): Promise<RegionFacts> {
  const caller = await callApi(systems[0]?.name ?? "", "get-caller", {}, signal);
  return {
    endpoint: `AWS, ${region}`,
    version: "",
    role: caller.role,
    user: caller.by,
    systems: systems.map(({ name }) => ({ name, resources: 0, hasApi: true })),
    remote: { ...(settings.signOutUrl !== undefined && { signOutUrl: settings.signOutUrl }) },
  };
}

function follow(
  { systems }: ConsoleConfig,
  heard: Parameters<Connection["follow"]>[0],
  silent: Parameters<Connection["follow"]>[1],
): () => void {
  const leaving = new AbortController();
  const read = async (): Promise<void> => {
    if (document.visibilityState !== "visible") return;
    const found = await Promise.all(
      systems.map(async ({ name }) => {
        const { totals }: ApiAnswers["get-totals"] = await callApi(name, "get-totals", {}, leaving.signal);
        return totals.map((each) => ({ ...each, system: name }));
      }),
    );
    heard({ atMs: Date.now(), queues: [], totals: found.flat(), alarms: [] });
  };
  const readOrSay = (): void => void read().catch(() => leaving.signal.aborted || silent());
  readOrSay();
  const timer = setInterval(readOrSay, INTERVAL_MS);
  return () => {
    leaving.abort();
    clearInterval(timer);
  };
}
