import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { outboxItem } from "@reliq/aws";
import { ReliqError } from "@reliq/core";
import { TOLD, type ToldQueue } from "../domain/queues.ts";
import type { Telling } from "../domain/services.ts";

/** How long a sent message is kept in its outbox, seconds. */
const KEPT_SECONDS = 7 * 86_400;

/**
 * Messages are written into the outbox of their queue, in the transaction that makes them true.
 * @param tables the table of each queue's outbox, `{"orders":"…",…}`
 * @throws ReliqError `environment`, when the function starts, that names each queue whose outbox has no table
 */
export function tellByOutbox(tables: string): Telling {
  const names = readTables(tables);
  return {
    tell: ({ to, id, message }): TransactWriteItem => ({
      Put: {
        TableName: names[to],
        Item: {
          id: { S: id },
          expiresAt: { N: String(Math.floor(Date.now() / 1_000) + KEPT_SECONDS) },
          ...outboxItem(message),
        },
      },
    }),
  };
}

function readTables(text: string): Readonly<Record<ToldQueue, string>> {
  const names = readJson(text);
  const missing = TOLD.filter((key) => typeof names[key] !== "string" || names[key] === "");
  if (missing.length === 0) return names as Record<ToldQueue, string>;
  const takes = 'it takes an object with a table for each, such as {"orders":"order-processing-outbox-orders"}';
  throw new ReliqError(
    "environment",
    `OUTBOX_TABLES names no outbox table of ${missing.join(", ")} (it is ${text.slice(0, 200)}); ${takes}. The stack of order-processing sets it.`,
  );
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
