import { attemptAll } from "./attempt/attempt-all.ts";
import { checkPath } from "./check-path.ts";
import type { Consumer } from "./consumer.ts";
import { claimAll } from "./idempotency/claim-all.ts";
import { settleAll } from "./journal/settle-all.ts";
import { parseAll } from "./message/parse-all.ts";
import type { ReceivedMessage } from "./message/received-message.ts";
import type { Attempted } from "./message/work.ts";
import type { ConsumePorts } from "./ports.ts";
import { giveBack } from "./retry/give-back.ts";

/** A batch of messages as one invocation or one receive delivered it. */
export interface Delivery {
  readonly messages: readonly ReceivedMessage[];
  /** How many receives the queue allows before it dead-letters a message; undefined where it has no dead-letter queue. */
  readonly maxReceiveCount?: number | undefined;
  /** The invocation in whose log to look, where there is one. */
  readonly requestId?: string;
  /** The log group and stream that it writes to. */
  readonly logGroup?: string;
  readonly logStream?: string;
  /** Until then nobody else gets these messages, milliseconds since the Unix epoch: claims are leased as long. */
  readonly leaseUntilMs: number;
  /** Aborted when the time for handling is over; what is left of the time is for the journal. */
  readonly signal: AbortSignal;
  /** Aborted when the batch's answer is due: no port is waited for any longer. */
  readonly deadline: AbortSignal;
}

/**
 * The path of a batch through a consumer. Returns one outcome a message, in the batch's order; one message's failure never
 * touches its batch mates, except on FIFO those behind it in its group.
 * @throws ReliqError `port-missing` where the consumer asks for what the ports lack; no handler has run then.
 */
export async function consume<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  ports: ConsumePorts,
): Promise<readonly Attempted[]> {
  checkPath(consumer, delivery, ports);
  const parsed = await parseAll(consumer, delivery, ports);
  const { quarantine, deadLetters } = ports;
  const admitted = await quarantine?.admit(consumer, delivery, parsed, ports);
  const claimed = await claimAll(consumer, delivery, admitted?.works ?? parsed, ports);
  const attempted = await attemptAll(consumer, delivery, claimed, ports);
  const settled = await settleAll(consumer, delivery, attempted, ports);
  const held = (admitted && (await quarantine?.hold(consumer, delivery, settled, admitted, ports))) ?? settled;
  const buried = (await deadLetters?.failFast(consumer, delivery, held, ports)) ?? held;
  return giveBack(consumer, delivery, buried, ports);
}
