import { styleText } from "node:util";
import { CommandError } from "../command-error.ts";
import { type DeadMessage, readDeadMessages } from "../dead-messages.ts";
import { type DeathGroup, deathGroups } from "../death-groups.ts";
import { formatTable } from "../print-table.ts";
import { listQueues, queueFamilies } from "../queues.ts";
import { callApi, findApi } from "../recovery-client.ts";

interface FailuresOptions {
  readonly endpoint: string;
  readonly queue?: string;
  readonly messages?: boolean;
  readonly json?: boolean;
}

/** `reliq failures`: what died, and why. Looking is not a receive: nothing changes. */
export async function failures(options: FailuresOptions): Promise<void> {
  const dead = await readAllDead(options);
  if (options.json) return console.log(JSON.stringify(dead, undefined, 2));
  if (dead.length === 0) console.log(styleText("green", "No dead messages."));
  for (const [queue, messages] of Map.groupBy(dead, (message) => message.queue)) {
    console.log(styleText("bold", `${queue}: ${messages.length} dead`));
    for (const group of deathGroups(messages)) printGroup(group, options.messages === true);
  }
  await printKept(options);
}

/** What recovery has taken from the dead-letter queues, where there is a recovery with an API. */
async function printKept({ endpoint, queue }: FailuresOptions): Promise<void> {
  const api = process.env["RELIQ_API"] ?? (await findApi(endpoint));
  if (api === undefined) return;
  const { totals } = await callApi({ endpoint, api }, "get-totals", {});
  for (const { queue: name, states } of totals) {
    if (queue !== undefined && queue !== name) continue;
    const counts = Object.entries(states).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
    console.log(`${styleText("bold", name)}: recovery keeps ${counts.join(", ") || "nothing"}`);
  }
  console.log(styleText("dim", "reliq failures list shows them, reliq groups list each problem once."));
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
  console.log(`\n  ${styleText("red", String(messages.length))} ${cause}${inferred ? " (inferred)" : ""}: ${reason}`);
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
