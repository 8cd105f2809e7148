import type { FailedMessage } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import { ENVELOPE_ATTRIBUTE, envelopeAttribute } from "../message/envelope.ts";
import { LARGEST_BATCH_BYTES, messageBytes } from "../message/pack-batches.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { envelopeOf } from "./send-again.ts";

/** The most attributes of a message (SQS developer guide, "Amazon SQS message metadata"). */
const MOST_ATTRIBUTES = 10;

/** The most that the next send adds to an envelope: how, a run's id, and longer counts. */
const NEXT_SEND = { via: "redrive", run: "x".repeat(36) } as const;

/** Why a message has no room for the envelope that it has to carry when it is sent again; undefined where it has. */
export function unsendableBecause(failure: FailedMessage): string | undefined {
  const { attributes, bodyBytes } = failure;
  const count = Object.keys(attributes).length;
  if (count >= MOST_ATTRIBUTES) {
    return `it has ${count} attributes, and SQS takes ${MOST_ATTRIBUTES}, of which Reliq needs one: take one away`;
  }
  const carried = { ...attributes, [ENVELOPE_ATTRIBUTE]: envelopeAttribute(envelopeOf({ ...failure, ...NEXT_SEND })) };
  // A pointer's body is what counts, not what it points to.
  const bytes = bodyBytes + messageBytes({ body: "", attributes: carried });
  return bytes > LARGEST_BATCH_BYTES
    ? `with Reliq's attribute it has ${bytes} bytes, and SQS takes ${LARGEST_BATCH_BYTES}: make its body smaller`
    : undefined;
}

/** Holds healing messages that can never be sent, with the reason, and tells a person. Who loses a race leaves them to the next look. */
export async function holdUnsendable(
  unsendable: readonly { readonly failure: FailedMessage; readonly because: string }[],
  { store, wakeUps, now }: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<void> {
  for (const { failure: before, because: why } of unsendable) {
    if (before.state !== "healing") continue;
    const { dueAtMs: _, asked: __, ...rest } = before;
    const because = `it cannot be sent again: ${why}`;
    const after: FailedMessage = {
      ...rest,
      state: "held",
      version: before.version + 1,
      because,
      alert: true,
      updatedAtMs: now(),
    };
    const audit = {
      chain: before.queue,
      atMs: now(),
      by: "reliq",
      action: "held",
      subjects: [before.id],
      details: { because },
    };
    if ((await store.commit({ failures: [{ before, after }], audit })) === "committed") {
      const group = groupId(before.queue, before.reason.fingerprint);
      await wakeUps.add([{ wakeUp: { kind: "alert", group }, afterSeconds: 0 }]);
    }
  }
}
