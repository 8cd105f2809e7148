import { styleText } from "node:util";
import type { QueueTotals } from "@reliq/core/recovery";
import { accountsOf, type NamedAccount } from "./accounts.ts";
import { type DeadMessage, readDeadMessages } from "./dead-messages.ts";
import { type DeathCount, deathGroups } from "./death-groups.ts";
import { failureStores, readTotals, recoveredDeaths } from "./failure-stores.ts";
import { messageBar } from "./message-bar.ts";
import { oncePerDeployment } from "./once-per-deployment.ts";
import { formatTable } from "./print-table.ts";
import { listQueues, type Queue, type QueueFamily, queueFamilies } from "./queues.ts";
import { regionStatus } from "./region-client.ts";
import { regionVariables } from "./region-variables.ts";

/** With more queues than this, those without a message are only counted. */
const MOST_ROWS = 8;

/** The state of a region's messages at one moment. */
export interface RegionView {
  readonly accounts: readonly NamedAccount[];
  /** Why messages died: those in dead-letter queues, and those that recovery has. */
  readonly deaths: readonly DeathCount[];
  /** Names of queues whose messages still move, or are about to. */
  readonly underWay: readonly string[];
}

/** Reads the state of a region's messages, over and over: what cannot have changed is not read again. */
export function regionReader(endpoint: string): () => Promise<RegionView> {
  const known = new Map<string, DeadMessage>();
  let recovered: { readonly totals: string; readonly deaths: readonly DeathCount[] } = { totals: "[]", deaths: [] };
  const deployed = oncePerDeployment(async () => ({
    stores: await failureStores(endpoint),
    reminders: await reminderQueues(endpoint),
  }));
  return async () => {
    const { stores, reminders } = await deployed((await regionStatus(endpoint)).stacks);
    const families = queueFamilies(await listQueues(endpoint));
    const totals = await readTotals(stores);
    const dead: DeadMessage[] = [];
    for (const family of families) dead.push(...(await readDeadMessages(endpoint, family, known)));
    const counted = JSON.stringify(totals);
    if (counted !== recovered.totals) recovered = { totals: counted, deaths: await recoveredDeaths(stores) };
    const waitsInQueue = deathGroups(dead).map(({ messages, ...group }) => ({ ...group, count: messages.length }));
    return {
      accounts: accountsOf(families, totals),
      deaths: [...waitsInQueue, ...recovered.deaths].sort((a, b) => b.count - a.count),
      underWay: families.filter((family) => isUnderWay(family, reminders, totals)).map(nameOf),
    };
  };
}

async function reminderQueues(endpoint: string): Promise<readonly string[]> {
  const found = await regionVariables(endpoint, "RELIQ_WAKE_UPS_URL");
  return found.map(({ value }) => value.slice(value.lastIndexOf("/") + 1));
}

/** A reminder that is due later holds nothing up: the message that it is about does, where it is healing. */
function isUnderWay(
  { sources, deadLetterQueue }: QueueFamily,
  reminders: readonly string[],
  totals: readonly QueueTotals[],
): boolean {
  const moves = ({ name, counts }: Queue): boolean =>
    counts.waiting + counts.inFlight + (reminders.includes(name) ? 0 : counts.delayed) > 0;
  const recovered = totals.filter(({ queue }) => sources.some(({ name }) => name === queue));
  const isHealing = recovered.some(({ states }) => states.healing > 0);
  const isCaptured = recovered.length > 0 && deadLetterQueue !== undefined && moves(deadLetterQueue);
  return sources.some(moves) || isHealing || isCaptured;
}

function nameOf({ sources }: QueueFamily): string {
  return sources.map(({ name }) => name).join(" + ");
}

/** The live table: where the messages of each queue are, and why the dead ones died. */
export function formatView({ accounts, deaths }: Pick<RegionView, "accounts" | "deaths">): string {
  const head = ["queue", "accepted", "waiting", "in flight", "processed", "dead"];
  const shown = accounts.length > MOST_ROWS ? accounts.filter(({ accepted }) => accepted > 0) : accounts;
  const rows = shown.map((each) => [
    each.queue,
    each.accepted,
    each.waiting,
    each.inFlight,
    each.processed,
    each.deadLettered,
  ]);
  return [
    formatTable(head, rows, accounts.length === 0 ? "no queues yet" : "no messages yet"),
    ...(shown.length < accounts.length
      ? [styleText("dim", `and ${accounts.length - shown.length} without a message`)]
      : []),
    "",
    ...formatBars(accounts),
    "",
    styleText("bold", "Why messages died"),
    formatReasons(deaths),
  ].join("\n");
}

/** One bar a queue, named where there are several. */
function formatBars(accounts: readonly NamedAccount[]): readonly string[] {
  const drawn = accounts.map((each) => ({ name: each.queue, bar: messageBar(each) })).filter(({ bar }) => bar !== "");
  if (accounts.length < 2) return drawn.map(({ bar }) => bar);
  const width = Math.max(0, ...drawn.map(({ name }) => name.length));
  return drawn.map(({ name, bar }) => `${name.padEnd(width)}  ${bar}`);
}

/** Reasons by count. */
export function formatReasons(deaths: readonly DeathCount[]): string {
  const rows = deaths.map(({ count, cause, reason }) => [count, cause, shorten(reason)]);
  return formatTable(["count", "cause", "reason"], rows, "none died");
}

/** A reason on one line of a terminal. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
