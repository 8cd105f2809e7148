import { aboutMessage, readEnvelope } from "@reliq/core";
import { type DeadLetter, type RecoverPorts, type RecoveryRules, recover, sweep } from "@reliq/core/recovery";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { receivedMessage } from "../lambda/received-message.ts";
import type { Measure, Measures } from "../telemetry/measures.ts";
import { countedStore } from "./counted-store.ts";
import { measureQuarantines } from "./measure-quarantines.ts";
import { type DeadLetterDepth, measureWaiting } from "./measure-waiting.ts";
import { type RecoveredQueue, sourceOf } from "./recovered-queue.ts";
import { rulesOf } from "./rules-of.ts";
import { wakeAll } from "./wake-all.ts";

/** What recovery works by. */
export interface RecoveryOptions extends RecoveryRules {
  readonly queues: readonly RecoveredQueue[];
  /** The name of the queue of reminders. */
  readonly wakeUpQueue: string;
  readonly ports: RecoverPorts;
  /** Where its numbers go. @default nowhere */
  readonly measures?: Measures;
  /** How deep dead-letter queues are. @default they count as empty */
  readonly depth?: DeadLetterDepth;
}

/** Numbers that nobody wants are not read either. */
const NOWHERE: Measures = () => undefined;

/** What the schedule sends. */
export interface SweepEvent {
  readonly reliq: "sweep";
}

/** The event source of both: dead-letter queues and the queue of reminders. */
type RecoveryHandler = (event: SQSEvent | SweepEvent) => Promise<SQSBatchResponse | undefined>;

/**
 * Makes the function that recovers: on dead-letter queues it captures, on the queue of reminders it carries out what is due,
 * and on its schedule it looks for what was forgotten. What cannot be done comes back.
 */
export function recoveryHandler(given: RecoveryOptions): RecoveryHandler {
  const { measures = NOWHERE, ports } = given;
  const options = { ...given, measures, ports: { ...ports, store: countedStore(ports.store, measures) } };
  return async (event) => {
    measures([countOf("Healing_Invocations", 1)]);
    try {
      return await answer(event, options);
    } catch (error) {
      measures([countOf("Healing_Errors", 1)]);
      throw error;
    }
  };
}

async function answer(
  event: SQSEvent | SweepEvent,
  options: RecoveryOptions & { readonly measures: Measures },
): Promise<SQSBatchResponse | undefined> {
  if ("reliq" in event) {
    await sweep(rulesOf(options), options.ports);
    await noteWaiting(options.queues, options);
    return undefined;
  }
  const wakeUps = event.Records.filter((record) => queueOf(record) === options.wakeUpQueue);
  const letters = event.Records.filter((record) => queueOf(record) !== options.wakeUpQueue);
  const captured = await captureAll(letters, options);
  const failed = [...captured.failed, ...(await wakeAll(wakeUps, rulesOf(options), options.ports))];
  if (failed.length > 0) options.measures([countOf("Healing_Errors", failed.length)]);
  const from = new Set(letters.map(queueOf));
  await noteWaiting(
    options.queues.filter(({ deadLetterQueue }) => from.has(deadLetterQueue)),
    options,
  );
  return { batchItemFailures: [...failed, ...captured.again].map((itemIdentifier) => ({ itemIdentifier })) };
}

function countOf(name: string, value: number): Measure {
  return { name, value, kind: "count", dimensions: {} };
}

/** A number that cannot be had is no reason to fail what is done. */
async function noteWaiting(
  queues: readonly RecoveredQueue[],
  { ports, measures = NOWHERE, depth = async () => 0 }: RecoveryOptions,
): Promise<void> {
  if (queues.length === 0 || measures === NOWHERE) return;
  try {
    measures([
      ...(await measureWaiting(queues, ports.store, depth)),
      ...(await measureQuarantines(queues, ports.quarantine, ports.now())),
    ]);
  } catch (error) {
    ports.log({ level: "warn", event: "waiting-unknown", error: String(error) });
  }
}

interface CapturedAll {
  /** SQS ids of letters that come back because something went wrong. */
  readonly failed: readonly string[];
  /** SQS ids of letters that come back because another one came first. */
  readonly again: readonly string[];
}

async function captureAll(records: readonly SQSRecord[], options: RecoveryOptions): Promise<CapturedAll> {
  if (records.length === 0) return { failed: [], again: [] };
  const { ports, queues } = options;
  const letters = new Map<DeadLetter, string>();
  const unknown: string[] = [];
  for (const record of records) {
    try {
      letters.set(deadLetter(record, queues), record.messageId);
    } catch (error) {
      unknown.push(record.messageId);
      const about = aboutMessage(receivedMessage(record));
      ports.log({ level: "error", event: "dead-letter-unknown", ...about, error: String(error) });
    }
  }
  const captured = await recover(options, [...letters.keys()], ports);
  const again = [...letters.values()].filter((_, index) => captured[index]?.kind === "again");
  return { failed: unknown, again };
}

function deadLetter(record: SQSRecord, queues: readonly RecoveredQueue[]): DeadLetter {
  const message = receivedMessage(record);
  const source = record.attributes.DeadLetterQueueSourceArn;
  const named = readEnvelope(message)?.queue ?? source?.slice(source.lastIndexOf(":") + 1);
  const { name, maxReceiveCount, visibilitySeconds } = sourceOf(queues, message.queue, named);
  return { message, queue: name, maxReceiveCount, visibilitySeconds };
}

function queueOf({ eventSourceARN }: SQSRecord): string {
  return eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
}
