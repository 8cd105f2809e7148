import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NO_PROC } from "../../harness/processes.ts";
import { reliq, startReliq, withDirectory } from "./command.ts";

interface Played {
  readonly name: string;
  readonly verdict: string;
  readonly because?: string;
  readonly measures: readonly { readonly name: string; readonly holds?: boolean; readonly unit?: string }[];
}

/**
 * Plays game days at a tenth of their size, and gives what each of them counted that does not hold: three at once on a busy machine say nothing of
 * times, shares and alarms, which the runs at full size judge.
 */
async function play(...names: string[]): Promise<Readonly<Record<string, unknown>>> {
  const { child, ended } = startReliq(["gameday", "run", ...names, "--scale", "0.1", "--json"]);
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const { code, output } = await ended;
  const { gameDays } = JSON.parse(printed) as { readonly gameDays: readonly Played[] };
  const said = gameDays.map(({ name, verdict, because, measures }) => {
    const counts = measures.filter(({ name: of, unit }) => unit === undefined && !/alarm/.test(of));
    const wrong = counts.filter(({ holds }) => holds === false);
    return [name, { played: verdict !== "could-not-run", wrong, ...(because !== undefined && { because }) }];
  });
  expect(code).toBe(gameDays.every(({ verdict }) => verdict === "held") ? 0 : 1);
  expect(printed.trim().startsWith("{") && printed.trim().endsWith("}"), output).toBe(true);
  return Object.fromEntries(said);
}

async function expectHeld(...names: string[]): Promise<void> {
  expect(await play(...names)).toEqual(Object.fromEntries(names.map((name) => [name, { played: true, wrong: [] }])));
}

/** Three regions at once, each with three or four game days one after the other, on a machine that may be busy. */
const LONGEST_MS = 900_000;

test.concurrent(
  "the storm of duplicates, the flood of poison, the new schema version and the poison in groups, held and skipped, hold what is believed of them",
  async () => {
    await expectHeld("duplicate-storm", "poison-flood", "schema-evolution", "group-order", "group-order-skipped");
    const report = readFileSync(join(".reliq", "gamedays", "poison-flood.md"), "utf8");
    expect(report).toMatch(/^# Game day poison-flood: (held|refuted)/);
    for (const [, drawing = ""] of report.matchAll(/\]\((.*\.svg)\)/g)) {
      expect(readFileSync(join(".reliq", "gamedays", drawing), "utf8")).toMatch(/^<svg .*<polyline[\s\S]*<\/svg>\n$/s);
    }
  },
  LONGEST_MS,
);

test.concurrent(
  "what stops functions and the service behind, and letters by hand, hold what is believed of them",
  async () => {
    await expectHeld("downstream-outage", "no-concurrency", "stopped-consumers", "saved-letter");
  },
  LONGEST_MS,
);

test.concurrent(
  "killed workers, the spike and the outage of the tables hold what is believed of them",
  async () => {
    // Without the processes of functions nobody can be killed.
    await expectHeld(...(NO_PROC ? [] : ["worker-kill"]), "traffic-spike", "store-outage");
  },
  LONGEST_MS,
);

test("a fault that cannot be put into a system that is there already says so, and there is no verdict", async () => {
  await withDirectory(async (directory) => {
    const report = join(directory, "kill.md");
    const away = ["--endpoint", "http://127.0.0.1:9", "--report", report];
    const { code, output } = await reliq("gameday", "run", "worker-kill", ...away);
    expect([code, output]).toEqual([2, expect.stringContaining("Nobody can kill the process of a function on AWS")]);
    expect(existsSync(report)).toBe(true);
  });
});

test("a game day that there is none of is refused with those that there are, which the list shows with their hypothesis", async () => {
  const { code, output } = await reliq("gameday", "run", "meteor");
  expect([code, output]).toEqual([2, expect.stringContaining('no game day "meteor"; there are: downstream-outage')]);
  const listed = JSON.parse((await reliq("gameday", "list", "--json")).output) as {
    name: string;
    hypothesis: string;
  }[];
  expect(listed.length).toBeGreaterThanOrEqual(11);
  for (const { hypothesis } of listed) expect(hypothesis).toMatch(/\.$/);
});
