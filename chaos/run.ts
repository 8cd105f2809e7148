import { parseArgs } from "node:util";
import { chaosConsumer } from "./consumer.ts";
import { chaosFailover } from "./failover.ts";
import type { Acknowledge } from "./failover-system.ts";
import { chaosFlood } from "./flood.ts";
import type { Violation } from "./history.ts";
import { chaosIngest } from "./ingest.ts";
import { chaosLocal } from "./local.ts";
import { chaosOrders } from "./orders.ts";
import { progressBar } from "./progress.ts";
import { chaosRecovery } from "./recovery.ts";

/** Each run kills what it names under load, and finds what was promised and not kept. */
interface Run {
  /** What its size counts, and the option that gives it. */
  readonly option: "kills" | "messages" | "orders" | "requests";
  readonly defaultSize: number;
  readonly kinds: readonly Violation["kind"][];
  /** What a kind is called in the result. @default its own name */
  readonly names?: Partial<Record<Violation["kind"], string>>;
  /** Whether it takes `--acknowledge`. @default false */
  readonly hasRegions?: true;
  readonly start: (size: number, seed: number, acknowledge: Acknowledge) => Promise<Found>;
}

interface Found {
  readonly counts: Readonly<Record<string, boolean | number>>;
  readonly violations: readonly Violation[];
  readonly state: string;
}

const RUNS: Readonly<Record<string, Run>> = {
  local: {
    option: "kills",
    defaultSize: 50,
    kinds: ["lost", "doubled", "outOfOrder", "broken"],
    start: async (kills, seed) => {
      const { operations, ...found } = await chaosLocal({ kills, seed, progress: progressBar(kills) });
      return { ...found, counts: { kills, operations } };
    },
  },
  recovery: {
    option: "kills",
    defaultSize: 200,
    kinds: ["lost", "doubled"],
    names: { doubled: "doubledEffects" },
    start: async (kills, seed) => {
      const progress = progressBar(kills, { done: "kills", operations: "messages" });
      const { failures, auditVerified, ...found } = await chaosRecovery({ kills, seed, progress });
      const broken: Violation[] = auditVerified
        ? []
        : [{ kind: "broken", evidence: "An audit chain does not verify." }];
      const violations = [...found.violations, ...broken];
      return { ...found, violations, counts: { failures, kills, auditVerified } };
    },
  },
  flood: {
    option: "messages",
    defaultSize: 10_000,
    kinds: ["lost", "doubled"],
    start: async (messages) => {
      const { alerts, groups, ...found } = await chaosFlood({ messages, progress: countBar(messages, "failures") });
      for (const { alert } of alerts) console.error(alert.title);
      const failures = Object.values(found.states).reduce((sum, count) => sum + count, 0);
      const disarmed = groups.every(({ healing }) => healing === "disarmed");
      const incidents = new Set(alerts.map(({ alert }) => alert.incident)).size;
      const counts = { failures, alerts: incidents, notices: alerts.length, groups: groups.length, disarmed };
      return { ...found, counts };
    },
  },
  orders: {
    option: "messages",
    defaultSize: 2_000,
    kinds: ["lost", "doubled", "outOfOrder"],
    start: async (messages, seed) => {
      const { kills, ...found } = await chaosOrders({ messages, seed, progress: countBar(messages, "orders") });
      return { ...found, counts: { messages, kills } };
    },
  },
  failover: {
    option: "orders",
    hasRegions: true,
    defaultSize: 200,
    kinds: ["lost", "doubled", "broken"],
    start: async (orders, seed, acknowledge) => {
      const progress = countBar(orders, "orders");
      const { violations, ...counts } = await chaosFailover({ orders, seed, acknowledge, progress });
      return { violations, counts: { orders, ...counts }, state: "none is kept" };
    },
  },
  ingest: {
    option: "requests",
    defaultSize: 20_000,
    kinds: ["lost", "doubled"],
    start: async (requests, seed) => {
      const { accepted, kills, ...found } = await chaosIngest({
        requests,
        seed,
        progress: countBar(requests, "requests"),
      });
      return { ...found, counts: { requests, accepted, kills } };
    },
  },
  consumer: {
    option: "messages",
    defaultSize: 2_000,
    kinds: ["lost", "doubled", "outOfOrder"],
    start: async (messages, seed) => {
      const progress = countBar(messages, "messages");
      const { kills, extraRuns, ...found } = await chaosConsumer({ messages, seed, progress });
      console.error(`${extraRuns} more runs of plain and keyed handlers than messages.`);
      return { ...found, counts: { messages, kills } };
    },
  },
};

const USAGE =
  "Usage: npm run chaos -- <local [--kills 50] | consumer [--messages 2000] | orders [--messages 2000] | ingest [--requests 20000] | recovery [--kills 200] | flood [--messages 10000] | failover [--orders 200] [--acknowledge both|one]> [--seed N] [--json]";

/** The violations of each kind that are shown; the history has the rest. */
const MOST_SHOWN = 5;

const { run, size, seed, acknowledge, json } = readArguments();
console.error(`${size} ${run.option} with --seed ${seed}`);
const { counts, violations, state } = await run.start(size, seed, acknowledge);
if (violations.length > 0) console.error(`Promises were not kept. State and history: ${state}`);
const report = (kind: Violation["kind"]): number => {
  const found = violations.filter((each) => each.kind === kind);
  for (const { evidence } of found.slice(0, MOST_SHOWN)) console.error(`${kind}: ${evidence}`);
  return found.length;
};
const result = { ...counts, ...Object.fromEntries(run.kinds.map((kind) => [run.names?.[kind] ?? kind, report(kind)])) };
console.log(json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
process.exit(violations.length === 0 ? 0 : 1);

/** A bar of a run whose size is what its operations are counted by, too. */
function countBar(size: number, noun: string): (done: number) => void {
  const bar = progressBar(size, { done: noun, operations: noun });
  return (done) => bar(done, done);
}

function readArguments(): { run: Run; size: number; seed: number; acknowledge: Acknowledge; json: boolean } {
  try {
    const text = { type: "string" } as const;
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        kills: text,
        messages: text,
        orders: text,
        requests: text,
        seed: text,
        acknowledge: text,
        json: { type: "boolean" },
      },
    });
    const run = RUNS[positionals[0] ?? ""];
    if (!run || positionals.length > 1)
      throw new Error(`There is no chaos run ${JSON.stringify(positionals.join(" "))}.`);
    const other = (["kills", "messages", "orders", "requests"] as const).find(
      (each) => each !== run.option && values[each],
    );
    const unknown = values.acknowledge !== undefined && !run.hasRegions ? "acknowledge" : other;
    if (unknown !== undefined) throw new Error(`chaos ${positionals[0]} takes no --${unknown}.`);
    const { acknowledge = "both" } = values;
    if (acknowledge !== "both" && acknowledge !== "one")
      throw new Error(`--acknowledge takes both or one, and this is ${JSON.stringify(acknowledge)}.`);
    return {
      run,
      size: wholeNumber(run.option, values[run.option] ?? String(run.defaultSize)),
      seed: wholeNumber("seed", values.seed ?? String(Date.now() % 1_000_000)),
      acknowledge,
      json: values.json ?? false,
    };
  } catch (error) {
    console.error(`${(error as Error).message} ${USAGE}`);
    process.exit(2);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option} takes a whole number, and this is ${JSON.stringify(text)}.`);
}
