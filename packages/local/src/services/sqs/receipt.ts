import { receiptHandleIsInvalid } from "./errors.ts";
import type { MessageRow } from "./message.ts";
import type { Queue } from "./queue.ts";

/** What a receipt handle says: which message, and which of its receives. */
export interface Receipt {
  readonly handle: string;
  readonly seq: number;
  readonly receiveCount: number;
}

/** The handle of a message that was just received. */
export function receiptHandle(row: MessageRow): string {
  return Buffer.from(`${row.queueId}:${row.seq}:${row.receiveCount}:${row.messageId}`).toString("base64");
}

/** @throws ReceiptHandleIsInvalid for what is not a handle of this queue */
export function readReceipt(queue: Queue, handle: string): Receipt {
  const [, queueId, seq, receiveCount] =
    /^(\d+):(\d+):(\d+):[\w-]+$/.exec(Buffer.from(handle, "base64").toString("latin1")) ?? [];
  if (Number(queueId) !== queue.id) throw receiptHandleIsInvalid(handle);
  return { handle, seq: Number(seq), receiveCount: Number(receiveCount) };
}
