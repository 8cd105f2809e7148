import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { loggedEvents } from "../scripts/logged-events.ts";
import { reliq } from "./journeys/command.ts";

const PAGE = readFileSync("docs/path-of-a-message.md", "utf8");
const [, PATH = "", RECOVERY = ""] = PAGE.split(/^\| (?=Station)/m);

/** The cells of a table's rows, without its head. */
function rows(table: string): string[][] {
  return [...table.matchAll(/^\| (?!-)(.*) \|$/gm)].map(([, row = ""]) => row.split(/ ?\| ?/));
}

function codes(text: string): string[] {
  return [...text.matchAll(/`([a-z-]+)`/g)].map(([, code = ""]) => code);
}

const stations = [...rows(PATH), ...rows(RECOVERY)].map(([station = "", , file = "", events = "", runbook = ""]) => ({
  station,
  file: file.replaceAll("`", ""),
  events: codes(events),
  runbook: /\((.*)\)/.exec(runbook)?.[1],
}));

/** The events that the code of core and of the adapters writes. */
const written = [...loggedEvents().keys()];

test("the page names each station of the path so far, in order", () => {
  expect(stations.map(({ station }) => station)).toEqual([
    "accept",
    "queue",
    "receive",
    "parse",
    "admit",
    "claim",
    "handle",
    "settle",
    "hold",
    "fail fast",
    "give back",
    "worker",
    "dead-letter queue",
    "explain",
    "hold letters",
    "know",
    "sort",
    "decide",
    "place",
    "store",
    "wake",
    "heal",
    "release",
    "run",
    "alert",
    "account",
    "function",
    "operate",
    "approve",
    "remediate",
  ]);
});

test.each(stations)("$station: its file and its runbook exist", ({ file, runbook }) => {
  expect(existsSync(file), file).toBe(true);
  if (runbook !== undefined) expect(existsSync(join("docs", runbook)), runbook).toBe(true);
});

test("the page's events are those that the code writes", () => {
  const ofPath = new Set(stations.flatMap(({ events }) => events));
  expect([...ofPath].sort()).toEqual(written.toSorted());
});

test.each([
  ["consume.ts", PATH, /packages\/core\//],
  ["recover.ts", RECOVERY, /packages\/core\/src\/capture\//],
])("%s calls its stations in the page's order", (name, table, where) => {
  const spine = readFileSync(`packages/core/src/${name}`, "utf8");
  const body = spine.slice(spine.indexOf("export async function"));
  const stationsHere = rows(table)
    .map(([name = "", , file = ""]) => ({ name, file: file.replaceAll("`", "") }))
    .filter(({ file }) => where.test(file));
  const calls = stationsHere.map(({ name, file }) => {
    const path = file.replace("packages/core/src", ".");
    const [, station] = new RegExp(`import \\{ (\\w+)[^}]*\\} from "${path}"`).exec(spine) ?? [];
    // What only some consumers need is reached through a port, by the station's name.
    const member = name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
    return body.indexOf(station === undefined ? `?.${member}(` : `${station}(`);
  });
  expect(calls.length).toBeGreaterThan(4);
  expect(calls.every((place) => place > 0)).toBe(true);
  expect(calls).toEqual(calls.toSorted((a, b) => a - b));
});

const docs = [...globSync("docs/**/*.md"), "CONTRIBUTING.md", "README.md"];

test.each(docs)("%s links to files that exist", (doc) => {
  const links = [...readFileSync(doc, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) => link);
  for (const link of links) expect(existsSync(join(dirname(doc), link)), link).toBe(true);
});

const commands = globSync("docs/runbooks/*.md").flatMap((runbook) =>
  [...readFileSync(runbook, "utf8").matchAll(/^ *npx reliq (.*)$/gm)].map(([, command = ""]) => command),
);

test.each(commands)("reliq %s is a command with these options", async (command) => {
  const words = command.split(" ");
  const options = words.filter((word) => word.startsWith("--"));
  const named = words.slice(0, /^[a-z]+$/.test(words[1] ?? "") ? 2 : 1);
  const { code, output } = await reliq(...named, "--help");
  expect(code).toBe(0);
  for (const option of options) expect(output).toContain(option);
});
