import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { producer } from "@reliq/aws";
import { type Fault, MODES, type Mode, type SentMessage, VISIBILITY_SECONDS } from "./consumer-history.ts";
import type { Random } from "./random.ts";

/** How many messages a producer gives at once. */
const CHUNK = 100;

/** The share of the messages that a producer sends twice. */
const REPEATED = 0.05;

/** The share of the messages whose handler fails, and of these by an exit, which costs the work of a whole process. */
const FAULTY = 0.05;
const EXITS = 0.02;

/** Messages of one group in a row, on average. */
const IN_A_GROUP = 50;

type QueueUrls = Readonly<Record<Mode, string>>;

/** Creates a queue for each mode. None has a dead-letter queue: every message has to have its effect in the end. */
export async function createQueues(client: SQSClient): Promise<QueueUrls> {
  const urls = MODES.map(async (mode) => {
    const fifo = mode === "sequence";
    const { QueueUrl = "" } = await client.send(
      new CreateQueueCommand({
        QueueName: fifo ? `${mode}.fifo` : mode,
        Attributes: { VisibilityTimeout: String(VISIBILITY_SECONDS), ...(fifo && { FifoQueue: "true" }) },
      }),
    );
    return [mode, QueueUrl] as const;
  });
  return Object.fromEntries(await Promise.all(urls)) as QueueUrls;
}

/** A load of about as many messages in each mode, from a seed. */
export function makeMessages(count: number, random: Random): readonly SentMessage[] {
  const groups = Math.max(1, Math.round(count / MODES.length / IN_A_GROUP));
  return Array.from({ length: count }, (_, index) => {
    const mode = MODES[index % MODES.length] ?? "plain";
    return {
      mode,
      key: String(index),
      ...(mode === "sequence" && { group: `g-${random.integer(1, groups)}` }),
      ...(random.chance(FAULTY) && { fault: makeFault(random) }),
    };
  });
}

/** Sends every message, some of them twice; a mode's messages one after the other, the modes side by side. */
export async function sendAll(
  client: SQSClient,
  urls: QueueUrls,
  messages: readonly SentMessage[],
  random: Random,
): Promise<void> {
  const chance = messages.map(({ mode }) => mode !== "plain" && random.chance(REPEATED));
  const repeated = new Set(messages.filter((_, index) => chance[index]));
  await Promise.all(
    MODES.map(async (mode) => {
      const { send } = producer({ client, queueUrl: urls[mode] });
      const all = messages.filter((message) => message.mode === mode);
      for (let start = 0; start < all.length; start += CHUNK) {
        const chunk = all.slice(start, start + CHUNK);
        await send([...chunk, ...chunk.filter((message) => repeated.has(message))].map(toOutgoing));
      }
    }),
  );
}

/** How many messages the queues still have, waiting, delayed or in somebody's hands. */
export async function countLeft(client: SQSClient, urls: readonly string[]): Promise<number> {
  const AttributeNames = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
  ] as const;
  const counts = urls.map(async (QueueUrl) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes = {} } = await client.send(command);
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function makeFault(random: Random): Fault {
  const kind: Fault["kind"] = random.chance(EXITS) ? "exit" : random.pick<Fault["kind"]>(["throw", "throw", "hang"]);
  return { kind, when: random.pick(["before", "after"]), receives: random.integer(1, 2) };
}

/** On FIFO the key makes a repeat the same message; elsewhere a repeat is a message of its own, with the same body. */
function toOutgoing(message: SentMessage): Parameters<ReturnType<typeof producer>["send"]>[0][number] {
  const { key, group } = message;
  return {
    body: JSON.stringify(message),
    ...(group !== undefined && { groupId: group, deduplicationId: key }),
  };
}
