import { styleText } from "node:util";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { FailureSummary } from "@reliq/core/recovery";
import { type AskedRegion, askedRegion, localEndpoint } from "../asked-region.ts";
import { type HoldingQueue, listHoldingQueues } from "../aws-queues.ts";
import { CommandError } from "../command-error.ts";
import { type DeadMessage, readDeadMessages } from "../dead-messages.ts";
import { type DeathGroup, deathGroups } from "../death-groups.ts";
import { showTime } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { listQueues, queueFamilies } from "../queues.ts";
import { type ApiOptions, type RecoveryClient, reachableApis, recoveryClient } from "../recovery-client.ts";
import { safeJson, safeLine } from "../safe-text.ts";
import { describePage } from "./failed-messages.ts";

interface FailuresOptions extends ApiOptions {
  readonly queue?: string;
  readonly messages?: boolean;
}

/** The most records of recovery that are printed as JSON. */
const MOST_KEPT = 1_000;

/**
 * `reliq failures`: what died, and why, in dead-letter queues and, where there is a recovery, in its store. Looking is not a receive: nothing
 * changes, and so what waits in a dead-letter queue on AWS is only counted. With `--json`: one list, each with its `state`; what recovery
 * keeps is whole, the newest 1,000.
 */
export async function failures(options: FailuresOptions): Promise<void> {
  const region = await askedRegion(options);
  const local = await localEndpoint(region);
  const dead = local === undefined ? [] : await readAllDead(local, options.queue);
  const { urls, trouble } = await reachableApis(region, options.api);
  const apis = urls.map((url) => recoveryClient(region, url));
  if (trouble !== undefined) console.error(styleText("dim", trouble));
  if (options.json) {
    const letters = dead.map((message) => ({ ...message, state: "dead-lettered" }));
    const kept = await Promise.all(apis.map((callApi) => readKept(callApi, options)));
    return console.log(safeJson([...letters, ...kept.flat()]));
  }
  if (local === undefined) await printWaiting(region, options.queue);
  else if (dead.length === 0) console.log(styleText("green", "No dead messages."));
  for (const [queue, messages] of Map.groupBy(dead, (message) => message.queue)) {
    console.log(styleText("bold", `${queue}: ${messages.length} dead`));
    for (const group of deathGroups(messages)) printGroup(group, options.messages === true);
  }
  for (const callApi of apis) await printKept(callApi, options);
}

/** The records of a recovery, whole, newest first. */
async function readKept(callApi: RecoveryClient, { queue }: FailuresOptions): Promise<readonly FailureSummary[]> {
  const kept: FailureSummary[] = [];
  let after: string | undefined;
  while (kept.length < MOST_KEPT) {
    const filter = { ...(queue !== undefined && { queue }), ...(after !== undefined && { after }) };
    const page = await callApi("list-failures", { ...filter, whole: true });
    kept.push(...page.failures);
    if (page.next === undefined) break;
    after = page.next;
  }
  return kept;
}

/** What a recovery has taken from the dead-letter queues. */
async function printKept(callApi: RecoveryClient, { queue, messages = false }: FailuresOptions): Promise<void> {
  const { totals } = await callApi("get-totals", {});
  for (const { queue: name, states } of totals) {
    if (queue !== undefined && queue !== name) continue;
    const counts = Object.entries(states).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
    console.log(`${styleText("bold", name)}: recovery keeps ${counts.join(", ") || "nothing"}`);
  }
  const filter = queue === undefined ? {} : { queue };
  if (messages) console.log(`\n${describePage(await callApi("list-failures", filter))}`);
  else console.log(styleText("dim", "reliq failures list shows them, reliq groups list each problem once."));
}

/** On AWS nobody can look into a dead-letter queue without receiving from it, so that its messages are counted and not read. */
async function printWaiting({ settings }: AskedRegion, queue: string | undefined): Promise<void> {
  const queues = await listHoldingQueues(new SQSClient(settings));
  if (queue !== undefined) needQueue(queue, queues);
  const sources = queues.filter(({ name }) => queue === undefined || name === queue);
  const targets = new Set(sources.flatMap(({ deadLetterTargetArn }) => deadLetterTargetArn ?? []));
  const waiting = queues.filter(({ arn, counts }) => targets.has(arn) && counts.waiting + counts.inFlight > 0);
  if (waiting.length === 0) console.log(styleText("green", "Nothing waits in dead-letter queues."));
  for (const { name, url, counts } of waiting) printDepth(name, url, counts);
}

function printDepth(name: string, url: string, { waiting, inFlight }: HoldingQueue["counts"]): void {
  console.log(`${styleText("bold", name)}: ≈ ${waiting} wait and ${inFlight} are in flight`);
  console.log(
    styleText(
      "dim",
      `    Why, nobody sees without receiving them: reliq import ${url} captures them, where no recovery does.`,
    ),
  );
}

async function readAllDead(endpoint: string, queue: string | undefined): Promise<readonly DeadMessage[]> {
  const queues = await listQueues(endpoint);
  if (queue !== undefined) needQueue(queue, queues);
  const dead: DeadMessage[] = [];
  for (const family of queueFamilies(queues)) dead.push(...(await readDeadMessages(endpoint, family)));
  return dead.filter((message) => queue === undefined || message.queue === queue);
}

function needQueue(queue: string, queues: readonly { readonly name: string }[]): void {
  if (queues.some(({ name }) => name === queue)) return;
  const names = queues.map(({ name }) => name).join(", ") || "none";
  throw new CommandError(`There is no queue ${JSON.stringify(queue)} in this region; its queues: ${names}.`);
}

function printGroup({ cause, inferred, reason, fingerprint, messages }: DeathGroup, withMessages: boolean): void {
  console.log(
    `\n  ${styleText("red", String(messages.length))} ${cause}${inferred ? " (inferred)" : ""}: ${safeLine(reason, 300)}`,
  );
  const times = messages.map((message) => message.attempts.at(-1)?.failedAtMs ?? message.sentAtMs);
  const span = `first ${showTime(Math.min(...times))}, last ${showTime(Math.max(...times))}`;
  console.log(styleText("dim", `    ${span}${fingerprint === "" ? "" : `, fingerprint ${fingerprint}`}`));
  const rows = messages.map((message) => [
    `    ${message.messageId}`,
    message.attempts.length,
    showTime(message.sentAtMs),
    message.attempts.at(-1)?.requestId ?? "",
  ]);
  if (withMessages) console.log(formatTable(["    message", "attempts", "sent", "request id (log)"], rows, ""));
}
