import type { Pool } from "undici";
import { rawClient } from "../harness/raw-client.ts";
import { type StartServer, startLocalRegion, withServers } from "../harness/server-process.ts";

/** Runs that count; one smaller warm-up run goes first. */
const RUNS = 5;

/** Connections of the client, each with one request under way. */
const CONNECTIONS = 8;

/** What a bench measures of a server, by name: how many a second. */
export type Rates<Name extends string> = Readonly<Record<Name, number>>;

/** One run: `run` names what it creates, `scale` (0 to 1) says how much of the full load it puts on. */
export type Measure<Name extends string> = (pool: Pool, run: string, scale: number) => Promise<Rates<Name>>;

/** The local region's rates over a rival's, medians of runs that take turns: same client, state on disk. */
export async function compare<Name extends string>(
  rivalName: string,
  startRival: StartServer,
  measure: Measure<Name>,
): Promise<Rates<Name>> {
  return await withServers([startLocalRegion, startRival], async (servers) => {
    const [ours = [], theirs = []] = await runInTurns(
      servers.map(({ endpoint }, index) => ({ name: index === 0 ? "local region" : rivalName, endpoint })),
      measure,
    );
    const names = Object.keys(ours[0] ?? {}) as Name[];
    const ratio = (name: Name): number =>
      median(ours.map((each) => each[name])) / median(theirs.map((each) => each[name]));
    return Object.fromEntries(names.map((name) => [name, Number(ratio(name).toFixed(2))])) as Rates<Name>;
  });
}

/** The middle value; the upper one of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Does `work` on every connection at once. */
export async function onEveryConnection(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

/** How many a second `work` does of `count`. */
export async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}

async function runInTurns<Name extends string>(
  servers: readonly { readonly name: string; readonly endpoint: string }[],
  measure: Measure<Name>,
): Promise<readonly Rates<Name>[][]> {
  const rates: Rates<Name>[][] = servers.map(() => []);
  for (let run = 0; run <= RUNS; run++) {
    for (const [index, { name, endpoint }] of servers.entries()) {
      const pool = rawClient(endpoint, CONNECTIONS);
      const measured = await measure(pool, `bench-${run}`, run === 0 ? 0.1 : 1).finally(() => pool.close());
      const shown = Object.entries<number>(measured).map(([what, perSecond]) => `${what} ${perSecond.toFixed(0)}/s`);
      console.error(`run ${run}${run === 0 ? " (warm-up)" : ""}  ${name.padEnd(12)}  ${shown.join("  ")}`);
      if (run > 0) rates[index]?.push(measured);
    }
  }
  return rates;
}
