import { styleText } from "node:util";
import type { FailureSummary } from "@reliq/core/recovery";
import { CommandError } from "../command-error.ts";
import { type DeadMessage, readDeadMessages } from "../dead-messages.ts";
import { type DeathGroup, deathGroups } from "../death-groups.ts";
import { formatTable } from "../print-table.ts";
import { listQueues, queueFamilies } from "../queues.ts";
import { callApi, listApis } from "../recovery-client.ts";
import { safeJson, safeLine } from "../safe-text.ts";
import { describePage } from "./failed-messages.ts";

interface FailuresOptions {
  readonly endpoint: string;
  readonly queue?: string;
  readonly messages?: boolean;
  readonly json?: boolean;
}

/** The most records of recovery that are printed as JSON. */
const MOST_KEPT = 1_000;

/**
 * `reliq failures`: what died, and why, in dead-letter queues and, where there is a recovery, in its store. Looking is not a receive: nothing
 * changes. With `--json`: one list, each with its `state`; what recovery keeps is whole, the newest 1,000.
 */
export async function failures(options: FailuresOptions): Promise<void> {
  const dead = await readAllDead(options);
  const named = process.env["RELIQ_API"];
  const apis = named === undefined ? (await listApis(options.endpoint)).map(({ url }) => url) : [named];
  if (options.json) {
    const letters = dead.map((message) => ({ ...message, state: "dead-lettered" }));
    const kept = await Promise.all(apis.map((api) => readKept(api, options)));
    return console.log(safeJson([...letters, ...kept.flat()]));
  }
  if (dead.length === 0) console.log(styleText("green", "No dead messages."));
  for (const [queue, messages] of Map.groupBy(dead, (message) => message.queue)) {
    console.log(styleText("bold", `${queue}: ${messages.length} dead`));
    for (const group of deathGroups(messages)) printGroup(group, options.messages === true);
  }
  for (const api of apis) await printKept(api, options);
}

/** The records of a recovery, whole, newest first. */
async function readKept(api: string, { endpoint, queue }: FailuresOptions): Promise<readonly FailureSummary[]> {
  const kept: FailureSummary[] = [];
  let after: string | undefined;
  while (kept.length < MOST_KEPT) {
    const filter = { ...(queue !== undefined && { queue }), ...(after !== undefined && { after }) };
    const page = await callApi({ endpoint, api }, "list-failures", { ...filter, whole: true });
    kept.push(...page.failures);
    if (page.next === undefined) break;
    after = page.next;
  }
  return kept;
}

/** What a recovery has taken from the dead-letter queues. */
async function printKept(api: string, { endpoint, queue, messages = false }: FailuresOptions): Promise<void> {
  const { totals } = await callApi({ endpoint, api }, "get-totals", {});
  for (const { queue: name, states } of totals) {
    if (queue !== undefined && queue !== name) continue;
    const counts = Object.entries(states).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
    console.log(`${styleText("bold", name)}: recovery keeps ${counts.join(", ") || "nothing"}`);
  }
  const filter = queue === undefined ? {} : { queue };
  if (messages) console.log(`\n${describePage(await callApi({ endpoint, api }, "list-failures", filter))}`);
  else console.log(styleText("dim", "reliq failures list shows them, reliq groups list each problem once."));
}

async function readAllDead({ endpoint, queue }: FailuresOptions): Promise<readonly DeadMessage[]> {
  const queues = await listQueues(endpoint);
  if (queue !== undefined && !queues.some((each) => each.name === queue)) {
    const names = queues.map((each) => each.name).join(", ") || "none";
    throw new CommandError(`There is no queue ${JSON.stringify(queue)} in this region; its queues: ${names}.`);
  }
  const dead: DeadMessage[] = [];
  for (const family of queueFamilies(queues)) dead.push(...(await readDeadMessages(endpoint, family)));
  return dead.filter((message) => queue === undefined || message.queue === queue);
}

function printGroup({ cause, inferred, reason, fingerprint, messages }: DeathGroup, withMessages: boolean): void {
  console.log(
    `\n  ${styleText("red", String(messages.length))} ${cause}${inferred ? " (inferred)" : ""}: ${safeLine(reason, 300)}`,
  );
  const times = messages.map((message) => message.attempts.at(-1)?.failedAtMs ?? message.sentAtMs);
  const span = `first ${clockTime(Math.min(...times))}, last ${clockTime(Math.max(...times))}`;
  console.log(styleText("dim", `    ${span}${fingerprint === "" ? "" : `, fingerprint ${fingerprint}`}`));
  const rows = messages.map((message) => [
    `    ${message.messageId}`,
    message.attempts.length,
    clockTime(message.sentAtMs),
    message.attempts.at(-1)?.requestId ?? "",
  ]);
  if (withMessages) console.log(formatTable(["    message", "attempts", "sent", "request id (log)"], rows, ""));
}

function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
