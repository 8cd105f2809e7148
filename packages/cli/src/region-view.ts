import { styleText } from "node:util";
import { accountsOf, type NamedAccount } from "./accounts.ts";
import { type DeadMessage, readDeadMessages } from "./dead-messages.ts";
import { deathGroups } from "./death-groups.ts";
import { messageBar } from "./message-bar.ts";
import { formatTable } from "./print-table.ts";
import { listQueues, queueFamilies } from "./queues.ts";

/** The state of a region's messages at one moment. */
export interface RegionView {
  readonly accounts: readonly NamedAccount[];
  readonly dead: readonly DeadMessage[];
}

/** Reads the state of a region's messages; what is known of a dead message is kept in `known`, for it does not change. */
export async function readView(endpoint: string, known: Map<string, DeadMessage>): Promise<RegionView> {
  const families = queueFamilies(await listQueues(endpoint));
  const dead: DeadMessage[] = [];
  for (const family of families) dead.push(...(await readDeadMessages(endpoint, family, known)));
  return { accounts: await accountsOf(endpoint, families), dead };
}

/** Whether no message waits or is worked on. */
export function isAtRest({ accounts }: RegionView): boolean {
  return accounts.every((each) => each.waiting === 0 && each.inFlight === 0);
}

/** The live table: where the messages of each queue are, and why the dead ones died. */
export function formatView({ accounts, dead }: RegionView): string {
  const head = ["queue", "accepted", "waiting", "in flight", "processed", "dead"];
  const rows = accounts.map((each) => [
    each.queue,
    each.accepted,
    each.waiting,
    each.inFlight,
    each.processed,
    each.deadLettered,
  ]);
  return [
    formatTable(head, rows, "no queues yet"),
    "",
    ...formatBars(accounts),
    "",
    styleText("bold", "Why messages died"),
    formatReasons(dead),
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
export function formatReasons(dead: readonly DeadMessage[]): string {
  const rows = deathGroups(dead).map(({ messages, cause, reason }) => [messages.length, cause, shorten(reason)]);
  return formatTable(["count", "cause", "reason"], rows, "none died");
}

/** A reason on one line of a terminal. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
