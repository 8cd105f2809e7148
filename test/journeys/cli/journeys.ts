import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Shop } from "./shop.ts";
import { inPipe, type Keys, type Way } from "./ways.ts";

/** What one command is told in each way, and what comes of it. */
export interface Journey {
  /** What follows the command's words. */
  readonly args?: (shop: Shop, way: Way) => Promise<readonly string[]> | readonly string[];
  /** @default 0 */
  readonly code?: (way: Way) => number;
  readonly says: RegExp;
  /** @default false */
  readonly colourless?: boolean;
  /** Where it asks, or goes on until it is ended. */
  readonly keys?: (shop: Shop, way: Way) => readonly Keys[];
  /** Whether each line of its JSON is an object. */
  readonly lines?: boolean;
  /** Whether the command is of no region that could be named. */
  readonly isElsewhere?: boolean;
}

const CTRL_C = "\u0003";
const NUMBER: Readonly<Record<Way, number>> = { pipe: 0, terminal: 1, json: 2 };

/** Each way has a message of its own: what is done to it can be done once. */
const pick = (ids: readonly string[], way: Way, from = 0): string => ids[from + NUMBER[way]] ?? "";

const file = ({ directory }: Shop, name: string): string => join(directory, name);

/** A folder of its own with something in it. */
function stateOf(shop: Shop, way: Way): string {
  const state = file(shop, `state-${way}`);
  mkdirSync(state, { recursive: true });
  return state;
}

const ctrlC = (once: RegExp) => (): readonly Keys[] => [{ once, type: CTRL_C }];
const yes =
  (once: RegExp) =>
  (_: Shop, way: Way): readonly Keys[] =>
    way === "terminal" ? [{ once, type: "y\r" }] : [];

const SLOWLY = ["--ramp", "1", "--rate-per-second", "0.05", "--detach"];

/** Runs of a kind: two to their end, one at a terminal; and a slow one, which the commands below it deal with. */
function runs(kind: "redrive" | "replay", filter: readonly string[]): Readonly<Record<string, Journey>> {
  const scope = ["--queue", "orders", ...filter];
  const ofRun = ({ run = "" }: Shop): readonly string[] => [run];
  return {
    [`${kind} plan`]: { args: () => scope, says: /\d+ safe/ },
    [`${kind} start`]: {
      args: (_, way) => [...scope, ...(way === "json" ? SLOWLY : ["--max-messages", "1"])],
      keys: yes(/\d+ safe.*Start\? \[y\/N\]/),
      says: new RegExp(`${kind} \\S+ of orders: done[\\s\\S]*1 resolved`),
    },
    [`${kind} status`]: {
      args: ({ run = "" }, way) => (way === "json" ? [] : way === "pipe" ? [run, "--detach"] : [run]),
      keys: (_, way) => (way === "terminal" ? [{ once: /█|▒/, type: CTRL_C }] : []),
      // The run goes on where Ctrl-C ends the look at it.
      code: (way) => (way === "terminal" ? 130 : 0),
      says: /orders: (planning|running)/,
    },
    [`${kind} pause`]: { args: ofRun, says: /paused/ },
    [`${kind} resume`]: { args: ofRun, says: /running/ },
    [`${kind} cancel`]: { args: ofRun, says: /cancelled/ },
  };
}

/** Commands that only look, and so run in all ways at once. */
export const LOOKS: Readonly<Record<string, Journey>> = {
  "local status": { says: /Local region at http/ },
  queues: { says: /orders +0 +0 +0 +\d+ +\d+ +\S+/ },
  failures: { says: /orders: recovery keeps 32 held, 16 archived/ },
  "failures list": { args: () => ["--state", "held"], says: /orders:\S+ +held +threw +ValidationFailure/ },
  "failures show": { args: (shop) => [shop.invalid[0] ?? ""], says: /reason +validation: ValidationFailure/ },
  "groups list": { says: /orders:\S+ +open +armed/ },
  "groups show": { args: (shop) => [shop.problem], says: /hour +deaths/ },
  "quarantine list": { args: () => ["--queue", "trades.fifo"], says: /trades\.fifo:g0 +held/ },
  "quarantine show": { args: (shop) => [shop.groups[0]?.id ?? ""], says: /is held; 1 messages are set aside/ },
  "policy check": { args: (shop) => [file(shop, "policy.json")], says: /can be used/, isElsewhere: true },
  "policy explain": { args: (shop) => [shop.archived[0] ?? ""], says: /✓ lost causes/ },
  "policy backtest": { args: (shop) => [file(shop, "candidate.json")], says: /archived +16 +51/ },
  "archive list": { says: /archived +threw[\s\S]*reliq replay plan --queue orders/ },
  "archive show": { args: (shop) => [shop.archived[0] ?? ""], says: /archived +s3:\/\// },
  audit: { args: () => ["--order", "trades.fifo"], says: /in order trades\.fifo/ },
  "audit list": { args: (_, way) => (way === "json" ? ["--queue", "orders"] : []), says: /orders +\d+/ },
  "audit order": { args: () => ["--queue", "trades.fifo"], says: /in order trades\.fifo/ },
  "audit verify": { says: /verified orders: \d+ entries/ },
  account: { says: /✓ orders: accepted 49 = processed 1 [\s\S]*held 32/ },
  "account ledger": { args: () => ["orders"], says: /orders from .*: accepted 0/, colourless: true },
  trace: { args: (shop) => [shop.invalid[0]?.slice("orders:".length) ?? ""], says: /recovery: held/ },
  doctor: { says: /Nothing is wrong|0 errors/ },
  tail: {
    args: (_, way) => ["--since", "1h", ...(way === "json" ? ["--for", "3s"] : [])],
    keys: (_, way) => (way === "json" ? [] : [{ once: /dead-lettered|attempt-failed/, type: CTRL_C }]),
    says: /What happens from now on; Ctrl-C ends/,
    lines: true,
  },
  invoke: { args: () => ["ship", "--payload", '{"Records":[]}'], says: /batchItemFailures/, colourless: true },
  "gameday list": { args: (shop) => ["--folder", gameDays(shop)], says: /never/, isElsewhere: true },
  "gameday run": {
    args: (shop) => ["never", "--folder", gameDays(shop), "--report", file(shop, "report.md")],
    code: () => 2,
    says: /could not run[\s\S]*It is for a region of its own/i,
  },
  completion: {
    args: () => ["bash"],
    says: /complete -o default -F _reliq reliq/,
    colourless: true,
    isElsewhere: true,
  },
  console: {
    args: () => ["--console-port", "0"],
    // It is served only where it has been built, and else over at once.
    keys: existsSync("packages/console/dist/app/index.html") ? ctrlC(/Console: http/) : () => [],
    says: /Console: http|is not built/,
    colourless: true,
  },
  "local start": {
    args: (shop, way) => ["--port", "0", "--state", stateOf(shop, way)],
    keys: ctrlC(/Ready in/),
    says: /Ready in .* Ctrl-C stops it/,
    isElsewhere: true,
  },
  "local reset": {
    args: (shop, way) => ["--state", stateOf(shop, way)],
    keys: yes(/Clear the region's messages.*\[y\/N\]/),
    says: /Cleared /,
    isElsewhere: true,
  },
};

/** Commands that change something, in the order in which they are run, one way after the other. */
export const CHANGES: Readonly<Record<string, Journey>> = {
  "groups acknowledge": { args: (shop) => [shop.problem], says: /acknowledged/ },
  "groups ignore": { args: (shop) => [shop.problem, "--deaths", "9999"], says: /ignored/ },
  "groups arm": { args: (shop) => [shop.problem], says: /armed/ },
  "groups resolve": { args: (shop) => [shop.problem], says: /resolved/ },
  "failures edit": {
    args: (shop, way) => [pick(shop.invalid, way, 1), "--body", `{"amount":${1_000 + NUMBER[way]}}`],
    says: /amount: \d+ → 100/,
    colourless: true,
  },
  "failures repair": {
    args: (shop, way) => [pick(shop.invalid, way, 1), "--repair", "currency", ...(way === "json" ? ["--apply"] : [])],
    says: /currency: \(none\) → "EUR"/,
  },
  "failures heal": { args: (shop, way) => [pick(shop.invalid, way, 4)], says: /sent orders:/ },
  "failures discard": {
    args: (shop, way) => [pick(shop.invalid, way, 7), ...(way === "terminal" ? [] : ["--reason", "test data"])],
    keys: (_, way) =>
      way === "terminal"
        ? [
            { once: /Why are they given up\?/, type: "test data\r" },
            { once: /Give up 1 message for good\? \[y\/N\]/, type: "y\r" },
          ]
        : [],
    says: /discarded orders:/,
  },
  "failures hold": { args: (shop, way) => [pick(shop.archived, way)], says: /held orders:/ },
  "archive hold": { args: (shop, way) => [pick(shop.archived, way, 3)], says: /held orders:/ },
  "quarantine hold": { args: (shop) => [shop.groups[0]?.failure ?? ""], says: /is held/ },
  "quarantine release": { args: (shop) => [shop.groups[0]?.id ?? ""], says: /is held/ },
  "quarantine skip": {
    args: (shop, way) => [shop.groups[NUMBER[way]]?.id ?? "", "--reason", "test data"],
    keys: yes(/Let the group go on\? \[y\/N\]/),
    says: /is overtaken by 1 messages/,
  },
  "approvals list": {
    args: async (shop, way) => {
      if (way === "pipe") shop.approval = await askRepair(shop, "list", "ValidationFailure");
      return [];
    },
    says: /pending +\S.* \d+ +\S*list/,
  },
  "approvals show": { args: ({ approval = "" }) => [approval], says: /pending[\s\S]*asked +by \S*list/ },
  "approvals refuse": {
    args: async (shop, way) => [await askRepair(shop, `refuse-${way}`, "ValidationFailure"), "--reason", "test data"],
    says: /refused[\s\S]*because +test data/,
  },
  "approvals approve": {
    args: async (shop, way) => [await askRepair(shop, `approve-${way}`, REPAIRED[way])],
    says: /done/,
  },
  "failover status": { args: () => ["shop"], says: /us-east-1 is active/, colourless: true },
  "failover start": {
    args: () => ["shop"],
    says: /Done in .*: 3 orders were looked at, and 1 go on here/,
    colourless: true,
  },
  "failover rejoin": { args: () => ["shop"], says: /3 orders were looked at/, colourless: true },
  "local deploy": {
    args: (shop) => ["--assembly", file(shop, ".reliq/cdk.out")],
    says: /Shop: \w+[\s\S]*unchanged \d+/,
  },
  import: {
    args: async ({ sqs, url }) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: url("old-dead"), MessageBody: "left over" }));
      return [url("old-dead"), "--queue", "old"];
    },
    says: /1 messages are held now; 0 stay/,
  },
  ...runs("redrive", ["--error-name", "TypeError"]),
  ...runs("replay", ["--category", "permanent"]),
  "local jump": { args: () => ["1s", "--wait", "60s"], says: /The region's time is/, colourless: true },
};

/** What commands are told that ask AWS, and what answers as it does. */
export const AS_AWS: Readonly<Record<string, (shop: Shop) => readonly string[]>> = {
  queues: () => [],
  failures: () => ["--queue", "orders"],
  "failures list": () => ["--queue", "orders", "--limit", "5"],
  "groups list": () => [],
  "quarantine list": () => ["--queue", "trades.fifo"],
  "archive list": () => ["--limit", "5"],
  "policy explain": (shop) => [shop.archived[0] ?? ""],
  "redrive plan": () => ["--queue", "orders"],
  "replay plan": () => ["--queue", "orders"],
  "audit list": () => ["--queue", "orders"],
  account: () => ["orders"],
  "account ledger": () => ["orders"],
  trace: (shop) => [shop.invalid[0]?.slice("orders:".length) ?? ""],
  invoke: () => ["ship", "--payload", '{"Records":[]}'],
  doctor: () => [],
  tail: () => ["--since", "1h", "--for", "3s"],
};

/** Each approval is of other messages. */
const REPAIRED: Readonly<Record<Way, string>> = {
  pipe: "TypeError",
  terminal: "ValidationFailure",
  json: "PermanentFailure",
};

/** Somebody asks for a repair of more messages than one person may change; gives the id of what waits. */
async function askRepair({ endpoint }: Shop, by: string, errorName: string): Promise<string> {
  const filter = ["--queue", "orders", "--error-name", errorName, "--repair", "currency", "--apply"];
  const environment = { AWS_ACCESS_KEY_ID: by };
  const { stderr } = await inPipe(["failures", "repair", ...filter, "--endpoint", endpoint], { environment });
  return /It waits as (\S+)\./.exec(stderr)?.[1] ?? stderr;
}

function gameDays(shop: Shop): string {
  const folder = file(shop, "gamedays");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "never.ts"), GAME_DAY);
  return folder;
}

/** A game day that can be played in no region that is there, so that it is over at once. */
const GAME_DAY = `
  export const gameDay = {
    name: "never", hypothesis: "It is never played.", fault: "None.", app: ".", localOnly: "It is for a region of its own.", charts: [], run: async () => [],
  };`;
