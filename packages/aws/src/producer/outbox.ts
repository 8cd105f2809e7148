import { hash } from "node:crypto";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import {
  chunks,
  ENVELOPE_ATTRIBUTE,
  envelopeAttribute,
  type LogLine,
  type OutgoingMessage,
  ReliqError,
  readEnvelope,
} from "@reliq/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { logLines } from "../log-lines.ts";
import { readOutboxItem } from "./outbox-item.ts";
import type { Producer } from "./producer.ts";

/** How items become messages. */
export interface OutboxOptions {
  /**
   * The message of an inserted item; undefined for an item that is none of the outbox. Binary values are base64, whole numbers over 2^53 are
   * texts. @default what `outboxItem` wrote
   */
  readonly toMessage?: (item: Readonly<Record<string, unknown>>) => OutgoingMessage | undefined;
  /** @default one line of JSON on stdout, for what is as urgent as the environment's `LOG_LEVEL` */
  readonly log?: (line: LogLine) => void;
}

const SET_BY = "The Outbox construct";

/** As many as one request takes: after a failure, fewer than these are sent again. */
const AT_ONCE = 10;

/**
 * Makes a Lambda handler for a table's stream (view `NEW_IMAGE`, with `ReportBatchItemFailures`) that sends each inserted outbox
 * item, in the stream's order. At a failure it stops: Lambda comes back with the record that failed and those behind it. Each
 * message has its lineage, and on FIFO its deduplication id, from its item's key and place in the stream: a repeat is one
 * message on FIFO within five minutes, and has the same lineage (`lineageOf`) on standard queues.
 * @throws ReliqError `not-a-stream-event` for another event, `outbox-view` for a stream without new images.
 */
export function outboxHandler(
  producer: Producer,
  { toMessage = readOutboxItem, log = logLines(process.env, SET_BY) }: OutboxOptions = {},
): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return async (event) => {
    const inserted = streamRecords(event).filter(({ eventName }) => eventName === "INSERT");
    const images = inserted.map((record) => ({ record, item: newImage(record) }));
    for (const some of chunks(images, AT_ONCE)) {
      const stuck = await sendImages(producer, some, { toMessage, log });
      if (stuck) return { batchItemFailures: [{ itemIdentifier: stuck.dynamodb?.SequenceNumber ?? "" }] };
    }
    return { batchItemFailures: [] };
  };
}

interface Image {
  readonly record: DynamoDBRecord;
  readonly item: Readonly<Record<string, unknown>>;
}

/** The first record whose message was not sent; undefined where all were. */
async function sendImages(
  producer: Producer,
  images: readonly Image[],
  { toMessage, log }: Required<OutboxOptions>,
): Promise<DynamoDBRecord | undefined> {
  const outgoing: { record: DynamoDBRecord; message: OutgoingMessage }[] = [];
  let stuck: { record: DynamoDBRecord; error: string } | undefined;
  for (const { record, item } of images) {
    try {
      const message = toMessage(item);
      if (message) outgoing.push({ record, message: identified(producer, record, message) });
    } catch (error) {
      stuck = { record, error: String(error) };
      break;
    }
  }
  const { failed } = await producer.trySend(outgoing.map(({ message }) => message));
  const first = failed.toSorted((a, b) => a.index - b.index)[0];
  const record = first && outgoing[first.index]?.record;
  if (record) stuck = { record, error: `${first.code}: ${first.message}` };
  if (stuck) log({ level: "error", event: "outbox-stuck", eventID: stuck.record.eventID, error: stuck.error });
  return stuck?.record;
}

/** Gives a message ids that a repeat of the same record gives again. What it says itself comes first. */
function identified(
  { queueUrl }: Producer,
  { dynamodb, eventSourceARN }: DynamoDBRecord,
  message: OutgoingMessage,
): OutgoingMessage {
  const id = hash("sha256", JSON.stringify([eventSourceARN, dynamodb?.Keys, dynamodb?.SequenceNumber]));
  const given = message.attributes ?? {};
  const envelope = envelopeAttribute({ v: 1, id, ...readEnvelope({ attributes: given }) });
  const attributes = { ...given, [ENVELOPE_ATTRIBUTE]: envelope };
  return { ...(queueUrl.endsWith(".fifo") && { deduplicationId: id }), ...message, attributes };
}

function streamRecords(event: DynamoDBStreamEvent): readonly DynamoDBRecord[] {
  const records: unknown = (event as Partial<DynamoDBStreamEvent> | null)?.Records;
  if (Array.isArray(records) && event.Records.every((record) => record?.eventSource === "aws:dynamodb")) return records;
  const fix = "give it a table's stream as its event source.";
  throw new ReliqError("not-a-stream-event", `The event has no list \`Records\` from \`aws:dynamodb\`: ${fix}`);
}

function newImage({ dynamodb }: DynamoDBRecord): Readonly<Record<string, unknown>> {
  if (dynamodb?.NewImage)
    return unmarshall(dynamodb.NewImage as Parameters<typeof unmarshall>[0], { wrapNumbers: exact });
  const fix = "set the table's stream to NEW_IMAGE or NEW_AND_OLD_IMAGES.";
  throw new ReliqError("outbox-view", `The stream's view is ${dynamodb?.StreamViewType}, without new images: ${fix}`);
}

/** A number of an item that has nothing to do with the outbox must not stop it. */
function exact(text: string): number | string {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}
