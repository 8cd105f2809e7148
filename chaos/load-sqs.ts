import { setTimeout as wait } from "node:timers/promises";
import { bodyOf, textOf } from "./body.ts";
import { type Answer, type ChaosClient, type Load, needDone } from "./client.ts";
import type { Outcome, Send } from "./history.ts";
import { repeatable } from "./repeatable.ts";

/** The visibility timeout of every queue, milliseconds: short, so that messages of lost receives come back during the run. */
export const VISIBILITY_MS = 5_000;

/** The FIFO queues, one of each deduplication scope. */
export const FIFO_QUEUES: readonly [string, string] = ["orders.fifo", "trades.fifo"];

const STANDARD_QUEUE = "events";
const QUEUES = [STANDARD_QUEUE, ...FIFO_QUEUES];
const GROUPS_PER_SENDER = 4;

/** How long after a send its deduplication id may be used again, milliseconds: within the deduplication interval of 5 minutes. */
const REPEATABLE_MS = 240_000;

/** How long a queue may give nothing while it is drained, milliseconds; what is then still there counts as lost. */
const LONGEST_SILENCE_MS = 60_000;

interface Queue {
  readonly client: ChaosClient;
  readonly name: string;
  readonly url: () => string;
}

interface Received {
  readonly messageId: string;
  readonly handle: string;
  readonly receivedMs: number;
}

/** Senders and receivers of a standard queue and two FIFO queues, one message or a batch at a time. */
export function sqsLoad(client: ChaosClient): Load {
  const urls = new Map<string, string>();
  const queues = QUEUES.map((name): Queue => ({ client, name, url: () => urls.get(name) ?? "" }));
  return {
    prepare: async () => {
      for (const name of QUEUES) urls.set(name, await createQueue(client, name));
    },
    actors: queues.flatMap((queue) => [
      ...[1, 2].map((sender) =>
        (queue.name === STANDARD_QUEUE ? standardSender : fifoSender)(queue, `${queue.name}-${sender}`),
      ),
      ...[1, 2].map(() => async () => {
        await receiveAndDelete(queue, 0.05);
      }),
    ]),
    drain: async () => {
      await Promise.all(queues.map((queue) => drainQueue(queue)));
    },
  };
}

async function createQueue(client: ChaosClient, QueueName: string): Promise<string> {
  const Attributes = {
    VisibilityTimeout: String(VISIBILITY_MS / 1000),
    ...(QueueName.endsWith(".fifo") && { FifoQueue: "true" }),
    ...(QueueName === FIFO_QUEUES[1] && {
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    }),
  };
  return needDone(await client.call("sqs", "CreateQueue", { QueueName, Attributes }))["QueueUrl"] as string;
}

function standardSender(queue: Queue, name: string): () => Promise<void> {
  let sent = 0;
  return async () => {
    const { random } = queue.client;
    await send(
      queue,
      Array.from({ length: batchSize(queue) }, () => ({ id: `${name}-${sent++}-${random.integer(0, 2_000)}` })),
    );
  };
}

/** Sends to its own groups, one call after the other, so that their order is known; repeats what was not answered, most of the time. */
function fifoSender(queue: Queue, name: string): () => Promise<void> {
  const { random } = queue.client;
  const places = Array.from({ length: GROUPS_PER_SENDER }, () => 0);
  const acknowledged = repeatable<Outgoing>(random, REPEATABLE_MS);
  return async () => {
    const repeated = acknowledged.pick();
    if (repeated) {
      await send(queue, [repeated]);
      return;
    }
    const outgoing = Array.from({ length: batchSize(queue) }, (): Outgoing => {
      const group = random.integer(0, GROUPS_PER_SENDER - 1);
      const place = (places[group] ?? 0) + 1;
      places[group] = place;
      return {
        id: `${name}-${group}-${place}-${random.integer(0, 2_000)}`,
        group: { name: `${name}-${group}`, place },
      };
    });
    let outcomes = await send(queue, outgoing);
    while (outcomes.some(({ kind }) => kind === "lost") && random.chance(0.9)) outcomes = await send(queue, outgoing);
    for (const [index, each] of outgoing.entries()) if (outcomes[index]?.kind === "done") acknowledged.add(each);
  };
}

type Outgoing = Pick<Send, "id" | "group">;

function batchSize({ client: { random } }: Queue): number {
  return random.chance(0.5) ? 1 : random.integer(2, 10);
}

async function send(queue: Queue, outgoing: readonly Outgoing[]): Promise<readonly Outcome[]> {
  const inputs = outgoing.map(({ id, group }) => ({
    MessageBody: bodyOf(id),
    ...(group && { MessageGroupId: group.name, MessageDeduplicationId: id }),
  }));
  const { answer, entries } = await callForEach(queue, "SendMessage", inputs);
  for (const [index, each] of outgoing.entries()) {
    const { outcome, body } = entries[index] as Entry;
    const messageId = body["MessageId"] as string | undefined;
    const span = { startedMs: answer.startedMs, endedMs: answer.endedMs };
    const made = messageId === undefined ? {} : { messageId };
    queue.client.operations.push({ type: "send", queue: queue.name, ...each, outcome, ...made, ...span });
  }
  return entries.map(({ outcome }) => outcome);
}

/** Receives a batch and deletes it, but for this share of the messages; returns how many came. */
async function receiveAndDelete(queue: Queue, keptShare: number): Promise<number> {
  const { client } = queue;
  const received = await receive(queue, client.random.chance(0.5) ? 1 : 0);
  if (received.length === 0) await wait(20);
  const rest = received.filter(() => !client.random.chance(keptShare));
  while (rest.length > 0) {
    const batch = rest.splice(0, client.random.chance(0.5) ? 1 : rest.length);
    while ((await remove(queue, batch)).includes("lost") && client.random.chance(0.7));
  }
  return received.length;
}

async function receive(queue: Queue, WaitTimeSeconds: number): Promise<readonly Received[]> {
  const input = { QueueUrl: queue.url(), MaxNumberOfMessages: 10, WaitTimeSeconds };
  const answer = await queue.client.call("sqs", "ReceiveMessage", input);
  const { Messages = [] } = needDone(answer);
  const given = Messages as { MessageId: string; ReceiptHandle: string; Body: string }[];
  const { startedMs, endedMs, outcome } = answer;
  if (outcome.kind === "done") {
    const messages = given.map(({ MessageId, Body }) => ({ id: textOf(Body), messageId: MessageId }));
    queue.client.operations.push({ type: "receive", queue: queue.name, messages, startedMs, endedMs });
  }
  return given.map((each) => ({ messageId: each.MessageId, handle: each.ReceiptHandle, receivedMs: startedMs }));
}

async function remove(queue: Queue, received: readonly Received[]): Promise<readonly Outcome["kind"][]> {
  const inputs = received.map(({ handle }) => ({ ReceiptHandle: handle }));
  const { answer, entries } = await callForEach(queue, "DeleteMessage", inputs);
  const { startedMs, endedMs } = answer;
  for (const [index, { messageId, receivedMs }] of received.entries()) {
    const { outcome } = entries[index] as Entry;
    queue.client.operations.push({
      type: "delete",
      queue: queue.name,
      messageId,
      receivedMs,
      outcome,
      startedMs,
      endedMs,
    });
  }
  return entries.map(({ outcome }) => outcome.kind);
}

interface Entry {
  readonly outcome: Outcome;
  readonly body: Record<string, unknown>;
}

/** Calls the action for one input, or its batch form for several; what it came to for each of them. */
async function callForEach(
  { client, url }: Queue,
  action: string,
  inputs: readonly object[],
): Promise<{ answer: Answer; entries: readonly Entry[] }> {
  if (inputs.length === 1) {
    const answer = await client.call("sqs", action, { QueueUrl: url(), ...inputs[0] });
    return { answer, entries: [answer] };
  }
  const Entries = inputs.map((input, index) => ({ Id: String(index), ...input }));
  const answer = await client.call("sqs", `${action}Batch`, { QueueUrl: url(), Entries });
  if (answer.outcome.kind !== "done") return { answer, entries: inputs.map(() => ({ ...answer, body: {} })) };
  const { Successful = [], Failed = [] } = answer.body;
  const entries = inputs.map((_, index): Entry => {
    const done = (Successful as Record<string, unknown>[]).find(({ Id }) => Id === String(index));
    const failed = (Failed as Record<string, unknown>[]).find(({ Id }) => Id === String(index));
    if (done) return { outcome: { kind: "done" }, body: done };
    return { outcome: { kind: "refused", code: String(failed?.["Code"] ?? "no answer") }, body: {} };
  });
  return { answer, entries };
}

async function drainQueue(queue: Queue): Promise<void> {
  let lastMs = performance.now();
  while (performance.now() < lastMs + LONGEST_SILENCE_MS && (await messagesIn(queue)) > 0) {
    if ((await receiveAndDelete(queue, 0)) > 0) lastMs = performance.now();
  }
}

/** Waiting or in flight. */
async function messagesIn({ client, url }: Queue): Promise<number> {
  const answer = await client.call("sqs", "GetQueueAttributes", { QueueUrl: url(), AttributeNames: ["All"] });
  const attributes = needDone(answer)["Attributes"] as Record<string, string>;
  return (
    Number(attributes["ApproximateNumberOfMessages"]) + Number(attributes["ApproximateNumberOfMessagesNotVisible"])
  );
}
