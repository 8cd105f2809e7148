import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { lineageClaim } from "../idempotency/resent-claim.ts";
import { stamp } from "../idempotency/stamp.ts";
import { logUnavailable } from "../log/log-unavailable.ts";
import { readEnvelope } from "../message/envelope.ts";
import type { Attempted } from "../message/work.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import type { Settlement } from "./settlement.ts";

/**
 * Marks messages that Reliq has sent again, and those whose producer keeps a ledger, as done by their lineage, where their claim is
 * another one: so recovery sees them resolved, and the ledger processed. A mark that cannot be written leaves a message processed; recovery then takes it for still on its way.
 */
export async function markResent<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  attempted: readonly Attempted[],
  ports: ConsumePorts,
): Promise<void> {
  // Without keys the lineage is the claim itself, unless a group's sequence is.
  if (!consumer.idempotency && consumer.effect !== "transactional") return;
  const known = attempted.filter(({ message, outcome }) => {
    return (outcome.kind === "processed" || outcome.kind === "duplicate") && readEnvelope(message);
  });
  if (known.length === 0) return;
  const made = stamp(ports);
  const marks = known.flatMap(({ message }): Settlement[] => {
    const claim = lineageClaim(delivery, message, made);
    return claim ? [{ kind: "mark", claim }] : [];
  });
  if (marks.length === 0) return;
  try {
    await inTime("The journal", () => ports.journal.settle(marks), delivery.deadline);
  } catch (error) {
    logUnavailable(consumer, { level: "warn", event: "mark-unavailable" }, known, error, ports);
  }
}
