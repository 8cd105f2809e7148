import { randomUUID } from "node:crypto";
import { type CancellationReason, type DynamoDBClient, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { ReliqError } from "@reliq/core";
import { isPassing, readReasons } from "../cancellation.ts";
import { itemBytes } from "./item-bytes.ts";
import type { PlannedWrite } from "./plan-commit.ts";

/** The most writes, the largest item and the most bytes of one transaction (developer guide, "Service quotas"). */
export const MOST_WRITES = 100;
const LARGEST_ITEM_BYTES = 400 * 1024;
const LARGEST_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** How a transaction ended: `conflict` where conditions of changes themselves failed; `contended` where another commit was faster, and it may go through upon what is stored then. */
export type TransactionEnd =
  | { readonly kind: "committed" | "contended" }
  | { readonly kind: "conflict"; readonly of: ReadonlySet<number> };

/**
 * Writes all or nothing.
 * @throws ReliqError `item-too-large`, `store-change`, `store-refused`, `audit-damaged`; what the service throws otherwise
 */
export async function transact(client: DynamoDBClient, planned: readonly PlannedWrite[]): Promise<TransactionEnd> {
  checkSizes(planned);
  const TransactItems = planned.map(({ write }) => write);
  try {
    // The token makes the SDK's own retries of an answer that was lost harmless.
    await client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: randomUUID() }));
    return { kind: "committed" };
  } catch (error) {
    return readCancellation(planned, readReasons(error), error);
  }
}

function readCancellation(
  planned: readonly PlannedWrite[],
  reasons: readonly CancellationReason[],
  error: unknown,
): TransactionEnd {
  const refused = planned.flatMap((each, index) => {
    const { Code = "None", Message = "" } = reasons[index] ?? {};
    return Code === "None" ? [] : [{ ...each, Code, Message }];
  });
  if (refused.length === 0) throw error;
  const failed = refused.filter(({ Code }) => Code === "ConditionalCheckFailed");
  const of = new Set(failed.flatMap((each) => each.of ?? []));
  if (of.size > 0) return { kind: "conflict", of };
  const other = refused.find(({ Code }) => Code !== "ConditionalCheckFailed" && !isPassing(Code));
  if (other) {
    const message = `The failure store refused ${other.what}, and nothing was written: ${other.Code}: ${other.Message}`;
    throw new ReliqError("store-refused", message, { cause: error });
  }
  if (failed[0] && refused.every(({ owner }) => owner === "audit")) {
    const message = `${failed[0].what} of the audit is there already, after the chain's head. Nothing was written: verify the chain.`;
    throw new ReliqError("audit-damaged", message, { cause: error });
  }
  return { kind: "contended" };
}

function checkSizes(planned: readonly PlannedWrite[]): void {
  if (planned.length > MOST_WRITES) {
    const message = `A change makes ${planned.length} writes, and a transaction takes ${MOST_WRITES}: commit fewer failures, counts or entries at once.`;
    throw new ReliqError("store-change", message);
  }
  let sum = 0;
  for (const { what, write } of planned) {
    const bytes = write.Put?.Item ? itemBytes(write.Put.Item) : 0;
    sum += bytes;
    if (bytes > LARGEST_ITEM_BYTES) {
      const message = `${what} has ${bytes} bytes, and an item of DynamoDB takes ${LARGEST_ITEM_BYTES}: keep its body in the archive (bodyAt).`;
      throw new ReliqError("item-too-large", message);
    }
  }
  if (sum <= LARGEST_TRANSACTION_BYTES) return;
  const message = `A change has ${sum} bytes, and a transaction takes ${LARGEST_TRANSACTION_BYTES}: commit fewer failures at once.`;
  throw new ReliqError("item-too-large", message);
}
