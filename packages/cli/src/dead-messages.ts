import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal } from "@reliq/aws";
import {
  type CauseFound,
  causeOfDeath,
  ENVELOPE_ATTRIBUTE,
  type FunctionReport,
  type Journal,
  type JournalEntry,
  lineageOf,
} from "@reliq/core";
import { clientSettings } from "./client-settings.ts";
import { inParts } from "./in-parts.ts";
import type { QueueFamily } from "./queues.ts";
import { callRegion, readRegion } from "./region-client.ts";
import { regionVariables } from "./region-variables.ts";

/** A message in a dead-letter queue, and why it is there. */
export interface DeadMessage extends CauseFound {
  readonly messageId: string;
  /** The queue that it died on. */
  readonly queue: string;
  readonly sentAtMs: number;
  readonly attempts: readonly JournalEntry[];
}

interface PeekedMessage {
  readonly MessageId: string;
  readonly VisibleAt: number;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { DataType: string; StringValue?: string }>>;
}

/** How many messages are asked about at once. */
const ASKED_AT_ONCE = 16;

/**
 * Reads a dead-letter queue without receiving, and finds each message's reason in the journals and the host's reports.
 * What is found is kept in `known`, by message id: a death does not change, so whoever reads again asks only about new ones.
 */
export async function readDeadMessages(
  endpoint: string,
  family: QueueFamily,
  known: Map<string, DeadMessage> = new Map(),
): Promise<readonly DeadMessage[]> {
  if (!family.deadLetterQueue) return [];
  const peeked = await peekAll(endpoint, family.deadLetterQueue.url);
  const fresh = peeked.filter((message) => !known.has(message.MessageId));
  const journals = fresh.length > 0 ? await findJournals(endpoint) : [];
  await inParts(fresh, ASKED_AT_ONCE, async (message) => {
    const dead = await explain(endpoint, family, journals, message);
    known.set(dead.messageId, dead);
  });
  return peeked.flatMap((message) => known.get(message.MessageId) ?? []);
}

/** The journals of the region's consumers: their functions name the table in their environment. */
export async function findJournals(endpoint: string): Promise<readonly Journal[]> {
  const tables = await regionVariables(endpoint, "RELIQ_JOURNAL_TABLE");
  const client = new DynamoDBClient(clientSettings(endpoint));
  return tables.map(({ value }) => dynamodbJournal(client, value));
}

async function peekAll(endpoint: string, QueueUrl: string): Promise<readonly PeekedMessage[]> {
  const peeked: PeekedMessage[] = [];
  let After: string | undefined;
  do {
    const page: { Messages: PeekedMessage[]; NextToken?: string } = await callRegion(
      endpoint,
      "AmazonSQS.ReliqPeekMessages",
      { QueueUrl, Limit: 1_000, After },
    );
    peeked.push(...page.Messages);
    After = page.NextToken;
  } while (After !== undefined);
  return peeked;
}

async function explain(
  endpoint: string,
  family: QueueFamily,
  journals: readonly Journal[],
  message: PeekedMessage,
): Promise<DeadMessage> {
  const source = sourceOf(family, message);
  const attempts = await findAttempts(journals, source, message);
  const reports = attempts.at(-1)?.final ? [] : await functionReports(endpoint, message.MessageId);
  const receiveCount = Number(message.Attributes?.["ApproximateReceiveCount"]);
  const moved = message.Attributes?.["DeadLetterQueueSourceArn"] !== undefined;
  const { maxReceiveCount } = family.sources.find(({ name }) => name === source) ?? {};
  return {
    messageId: message.MessageId,
    queue: source,
    sentAtMs: Number(message.Attributes?.["SentTimestamp"]),
    attempts,
    ...causeOfDeath({
      attempts,
      reports,
      ...(moved && { receiveCount, maxReceiveCount }),
      // As long as nobody receives it from the dead-letter queue it is visible since its move.
      ...(moved && receiveCount === maxReceiveCount && { diedAtMs: message.VisibleAt }),
    }),
  };
}

/** Under the message's own id, or, where a consumer sent it here itself, under the id that it had on its queue. */
async function findAttempts(
  journals: readonly Journal[],
  source: string,
  message: PeekedMessage,
): Promise<readonly JournalEntry[]> {
  for (const id of new Set([message.MessageId, lineage(message)])) {
    const found = await Promise.all(journals.map((journal) => journal.attempts(source, id)));
    if (found.flat().length > 0) return found.flat();
  }
  return [];
}

function lineage({ MessageId, MessageAttributes = {} }: PeekedMessage): string {
  const envelope = MessageAttributes[ENVELOPE_ATTRIBUTE];
  return lineageOf({
    messageId: MessageId,
    attributes: envelope?.StringValue
      ? { [ENVELOPE_ATTRIBUTE]: { dataType: envelope.DataType, stringValue: envelope.StringValue } }
      : {},
  });
}

/** A message that the service moved names its source; one that a consumer sent itself (fail fast) does not. */
function sourceOf({ sources }: QueueFamily, message: PeekedMessage): string {
  const arn = message.Attributes?.["DeadLetterQueueSourceArn"];
  return (sources.find((queue) => queue.arn === arn) ?? sources[0])?.name ?? "";
}

async function functionReports(endpoint: string, messageId: string): Promise<FunctionReport[]> {
  const path = `/2015-03-31/reliq-invocations?MessageId=${encodeURIComponent(messageId)}`;
  const { Invocations } = await readRegion<{
    Invocations: { Outcome?: FunctionReport["outcome"]; StartedAt: number; EndedAt?: number }[];
  }>(endpoint, path);
  return Invocations.map(({ Outcome = "running", StartedAt, EndedAt }) => ({
    outcome: Outcome,
    startedAtMs: StartedAt,
    endedAtMs: EndedAt,
  }));
}
