import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { chunks, ENVELOPE_ATTRIBUTE, envelopeAttribute, type OutgoingMessage, readEnvelope } from "@reliq/core";
import {
  closeBatches,
  DOUBTFUL,
  ENTERED_TOGETHER,
  type EnteredBatch,
  enterBatches,
  NOT_SENT,
} from "../dynamodb/ledger.ts";
import type { NotSent, SendReport } from "../sqs/send-messages.ts";

/** Messages as they are sent once they are in the ledger. */
export interface Entered {
  readonly messages: readonly OutgoingMessage[];
  /** Writes down what became of them. One whose end cannot be written stays doubtful until its consumer has processed it. */
  close(report: SendReport): Promise<void>;
}

/**
 * Enters messages into the ledger before they are sent, each with a lineage of its own: killed in between, a message is entered and
 * not known to be sent, and none is sent that is not entered. What cannot be entered is added to `notSent`.
 */
export async function enterMessages(
  client: DynamoDBClient,
  table: string,
  queue: string,
  messages: readonly OutgoingMessage[],
  notSent: NotSent[],
): Promise<Entered> {
  const atMs = Date.now();
  const named = messages.map(withLineage);
  const out = new Set(notSent.map(({ index }) => index));
  const wanted = [...named.keys()].filter((index) => !out.has(index));
  const batches = chunks(wanted, ENTERED_TOGETHER).map((indexes) => {
    const lineages = indexes.map((index) => named[index]?.lineage ?? "");
    return { indexes, batch: { id: randomUUID(), queue, atMs, lineages } satisfies EnteredBatch };
  });
  const answers = await enterBatches(
    client,
    table,
    batches.map(({ batch }) => batch),
  );
  const entered = batches.filter(({ indexes }, position) => {
    const answer = answers[position];
    if (answer?.kind === "done") return true;
    const why = answer?.kind === "failed" ? String(answer.error) : "it is there already";
    notSent.push(
      ...indexes.map((index) => ({ index, code: "ledger-unavailable", message: `It was not entered: ${why}` })),
    );
    return false;
  });
  return {
    messages: named.map(({ message }) => message),
    close: async ({ sent, failed }) => {
      const ids = new Map(sent.map(({ index, messageId }) => [index, messageId]));
      for (const { index, mayBeSent } of failed) ids.set(index, mayBeSent ? DOUBTFUL : NOT_SENT);
      const ends = entered.map(
        ({ batch, indexes }) => [batch, indexes.map((index) => ids.get(index) ?? DOUBTFUL)] as const,
      );
      await closeBatches(client, table, ends);
    },
  };
}

function withLineage(message: OutgoingMessage): { readonly lineage: string; readonly message: OutgoingMessage } {
  const { attributes: given = {} } = message;
  const before = readEnvelope({ attributes: given });
  const lineage = before?.id ?? randomUUID();
  const envelope = envelopeAttribute({ v: 1, ...before, id: lineage, ledger: true });
  return { lineage, message: { ...message, attributes: { ...given, [ENVELOPE_ATTRIBUTE]: envelope } } };
}
