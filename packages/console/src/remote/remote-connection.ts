import type { ApiAnswers, ConsoleConfig, CountedRegion, DeployedSystem } from "@reliq/core/recovery";
import { callApi, Refused, readRegion } from "../api/call-api.ts";
import type { Connection } from "../api/connection.ts";
import type { RegionFacts } from "../contract/region.ts";
import { meteredQueue } from "./metered-queue.ts";
import { exchange, goToIssuer, signIn, type Tokens } from "./sign-in.ts";

/** How often totals and queues are read, milliseconds: there is no stream of what happens. */
const INTERVAL_MS = 5_000;

/** How long before its end a token is renewed, milliseconds. */
const RENEWED_BEFORE_MS = 60_000;

/**
 * The page asks the APIs on AWS directly, as a person who has signed in. Tokens are in this function's memory and nowhere else: who loads
 * the page anew signs in anew.
 * @throws Refused where the issuer refuses
 */
export async function remoteConnection(config: ConsoleConfig): Promise<Connection> {
  const { signIn: settings } = config;
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
  const reach: Connection["reach"] = async (path) => ({
    url: addressOf(config, path),
    headers: { authorization: `Bearer ${await token()}` },
  });
  return {
    reach,
    region: (signal) => regionOf(config, signal),
    follow: (heard, silent) => follow(config, heard, silent),
  };
}

/** Where a path of the console's API is asked for. @throws Refused where nobody here knows it */
function addressOf({ systems, regionApi }: ConsoleConfig, path: string): string {
  const [, name = "", rest = ""] = /^\/api\/systems\/([^/]+)(\/.*)$/.exec(path) ?? [];
  const [, ofRegion] = /^\/api\/region(\/.*)$/.exec(path) ?? [];
  const api = systems.find((each) => each.name === decodeURIComponent(name))?.api ?? (ofRegion && regionApi);
  if (!api)
    throw new Refused(
      "api-missing",
      "Here the console shows what the APIs of its systems know, and this is not of them.",
    );
  return api.replace(/\/$/, "") + (ofRegion ?? rest);
}

/** What cannot be renewed ends with signing in anew. */
function renewed(settings: ConsoleConfig["signIn"], refresh: string | undefined): Promise<Tokens> {
  const again = (): Promise<never> => goToIssuer(settings, location.pathname + location.search);
  if (refresh === undefined) return again();
  return exchange(settings, { grant_type: "refresh_token", refresh_token: refresh }).catch(again);
}

async function regionOf(
  { region, systems, signIn: settings, regionApi }: ConsoleConfig,
  signal: AbortSignal,
): Promise<RegionFacts> {
  const [caller, deployed] = await Promise.all([
    callApi(systems[0]?.name ?? "", "get-caller", {}, signal),
    // What recovery's APIs know is shown also while nobody tells of the region.
    regionApi === undefined ? [] : readRegion<readonly DeployedSystem[]>("/systems", signal).catch(() => []),
  ]);
  return {
    endpoint: `AWS, ${region}`,
    version: "",
    role: caller.role,
    user: caller.by,
    systems: systems.map(({ name }) => ({
      name,
      resources: deployed.find((each) => each.name === name)?.resources ?? 0,
      hasApi: true,
    })),
    remote: {
      showsRegion: regionApi !== undefined,
      ...(settings.signOutUrl !== undefined && { signOutUrl: settings.signOutUrl }),
    },
  };
}

const NOTHING: Pick<CountedRegion, "alarms" | "queues"> = { alarms: [], queues: [] };

function follow(
  { systems, regionApi }: ConsoleConfig,
  heard: Parameters<Connection["follow"]>[0],
  silent: Parameters<Connection["follow"]>[1],
): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  let last = NOTHING;
  const readLive = async (): Promise<typeof NOTHING> => {
    if (regionApi === undefined) return NOTHING;
    last = await readRegion<CountedRegion>("/live", signal).catch(() => last);
    return last;
  };
  const read = async (): Promise<void> => {
    if (document.visibilityState !== "visible") return;
    const [found, { alarms, queues }] = await Promise.all([
      Promise.all(
        systems.map(async ({ name }) => {
          const { totals }: ApiAnswers["get-totals"] = await callApi(name, "get-totals", {}, signal);
          return totals.map((each) => ({ ...each, system: name }));
        }),
      ),
      readLive(),
    ]);
    const totals = found.flat();
    heard({ atMs: Date.now(), queues: queues.map((family) => meteredQueue(family, totals)), totals, alarms });
  };
  const readOrSay = (): void => void read().catch(() => leaving.signal.aborted || silent());
  readOrSay();
  const timer = setInterval(readOrSay, INTERVAL_MS);
  return () => {
    leaving.abort();
    clearInterval(timer);
  };
}
