import { SQSClient } from "@aws-sdk/client-sqs";
import { checkOptions, Failure, type OptionChecks, type OutgoingMessage } from "@reliq/core";
import { CLIENT_SETTINGS } from "../client-settings.ts";
import { type NotSent, type SendReport, sendMessages } from "../sqs/send-messages.ts";
import type { EnterMessages } from "./ledger-from-environment.ts";
import { type ClaimCheck, storeLargeBodies } from "./store-large-bodies.ts";

/** How a queue is sent to. */
export interface ProducerOptions {
  readonly queueUrl: string;
  /** @default a client from the environment */
  readonly client?: SQSClient;
  /** The group of a message that does not say its own; FIFO queues need one. @default none */
  readonly groupId?: (message: OutgoingMessage) => string;
  /**
   * FIFO queues: names a message that does not say its own `deduplicationId`. Make it of what the message is about, never at random:
   * then a repeat after a lost answer, or after a crash, is the same message. @default the queue's content-based deduplication
   */
  readonly deduplicationId?: (message: OutgoingMessage) => string;
  /** Where bodies go that are too large to send: `claimCheck` of `@reliq/aws/s3`. @default the service refuses them */
  readonly claimCheck?: ClaimCheck;
  /**
   * Enters each message into the journal's table before it is sent, so that an account can name it: `ledgerFromEnvironment()`, which takes
   * `RELIQ_JOURNAL_TABLE` and `journal.grantLedger(function)`. Two writes for 25 messages, and one or two by their consumer for each; takes one
   * attribute. @default none
   */
  readonly ledger?: EnterMessages;
}

/** Sends to one queue. */
export interface Producer {
  readonly queueUrl: string;
  /**
   * Sends messages, and gives back their ids in order, when the queue has every one of them.
   * @throws SendIncomplete with a report of what was sent and what was not.
   */
  send(messages: readonly OutgoingMessage[]): Promise<readonly string[]>;
  /** Sends messages and reports what became of each; never throws. Who does not read the report loses messages: `send` is for the others. */
  trySend(messages: readonly OutgoingMessage[]): Promise<SendReport>;
}

/** Some messages were not sent; `report` says which, and why. */
export class SendIncomplete extends Failure {
  override readonly name = "SendIncomplete";
  readonly report: SendReport;

  constructor(report: SendReport) {
    const { sent, failed } = report;
    const named = failed.slice(0, 3).map(({ index, code, message }) => `${index}: ${code}: ${message}`);
    super(
      "dependency",
      `${failed.length} of ${sent.length + failed.length} messages were not sent: ${named.join("; ")}`,
    );
    this.report = report;
  }
}

const takesFunction = (value: unknown): string | undefined =>
  value === undefined || typeof value === "function" ? undefined : "a function `(message) => …` that gives a text";

const CHECKS: OptionChecks<ProducerOptions> = {
  queueUrl: (value) =>
    typeof value === "string" && /^https?:\/\/./.test(value) ? undefined : "the queue's URL, as CreateQueue gives it",
  client: (value) =>
    value === undefined || typeof (value as SQSClient | null)?.send === "function" ? undefined : "an SQSClient",
  groupId: takesFunction,
  deduplicationId: takesFunction,
  claimCheck: (value) =>
    value === undefined || typeof (value as ClaimCheck | null)?.store === "function"
      ? undefined
      : '`claimCheck({ bucket })` of "@reliq/aws/s3"',
  ledger: (value) => (value === undefined || typeof value === "function" ? undefined : "`ledgerFromEnvironment()`"),
};

/**
 * Makes a producer: batches by count and bytes, only failed entries tried again, order within groups kept, large bodies in S3.
 * @throws ReliqError `producer-option` that names an unknown or wrong option, its value and what it takes.
 */
export function producer(options: ProducerOptions): Producer {
  checkOptions("producer()", "producer-option", options, CHECKS);
  const { queueUrl, client = new SQSClient(CLIENT_SETTINGS), claimCheck } = options;
  const enter = options.ledger;
  const trySend = async (messages: readonly OutgoingMessage[]): Promise<SendReport> => {
    const notSent: NotSent[] = [];
    const named = messages.map((message, index) => nameMessage(options, message, index, notSent));
    const small = claimCheck ? await storeLargeBodies(claimCheck, named, notSent) : named;
    if (!enter) return sendMessages(client, queueUrl, small, notSent);
    const entered = await enter(queueUrl.slice(queueUrl.lastIndexOf("/") + 1), small, notSent);
    const report = await sendMessages(client, queueUrl, entered.messages, notSent);
    await entered.close(report);
    return report;
  };
  return {
    queueUrl,
    trySend,
    send: async (messages) => {
      const report = await trySend(messages);
      if (report.failed.length > 0) throw new SendIncomplete(report);
      return report.sent.toSorted((a, b) => a.index - b.index).map(({ messageId }) => messageId);
    },
  };
}

/** Adds the ids that a message does not say itself; one whose ids cannot be made is added to `notSent`. */
function nameMessage(
  { queueUrl, groupId, deduplicationId }: ProducerOptions,
  message: OutgoingMessage,
  index: number,
  notSent: NotSent[],
): OutgoingMessage {
  const isFifo = queueUrl.endsWith(".fifo");
  let named = message;
  try {
    if (message.groupId === undefined && groupId) named = { ...named, groupId: groupId(message) };
    // SQS would refuse a whole batch for one message without a group.
    if (isFifo && !named.groupId) {
      const fix = "give it a `groupId`, or the producer an option `groupId`.";
      notSent.push({ index, code: "group-missing", message: `A message to a FIFO queue needs a group: ${fix}` });
    } else if (isFifo && message.deduplicationId === undefined && deduplicationId) {
      named = { ...named, deduplicationId: deduplicationId(message) };
    }
  } catch (error) {
    notSent.push({ index, code: "id-unknown", message: `Its ids could not be made: ${String(error)}` });
  }
  return named;
}
