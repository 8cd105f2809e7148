import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { outboxItem } from "@reliq/aws";
import type { Telling } from "../domain/services.ts";

/** How long a sent message is kept in its outbox, seconds. */
const KEPT_SECONDS = 7 * 86_400;

/** Messages are written into the outbox of their queue, in the transaction that makes them true; `tables` names each queue's outbox. */
export function tellByOutbox(tables: string): Telling {
  const names = JSON.parse(tables) as Readonly<Record<string, string>>;
  return {
    tell: ({ to, id, message }): TransactWriteItem => ({
      Put: {
        TableName: names[to] ?? to,
        Item: {
          id: { S: id },
          expiresAt: { N: String(Math.floor(Date.now() / 1_000) + KEPT_SECONDS) },
          ...outboxItem(message),
        },
      },
    }),
  };
}
