import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { settle } from "../journal/settle-all.ts";
import { logUnavailable } from "../log/log-unavailable.ts";
import { notProcessed } from "../message/not-processed.ts";
import { ended, type Work } from "../message/work.ts";
import type { Claim } from "../model/claim-item.ts";
import { inSequence } from "../order/in-sequence.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import { makeClaim } from "./make-claim.ts";
import { type Stamp, stamp } from "./stamp.ts";

/**
 * Claims the keys of a batch in one request, so that no other attempt works on them. Where claims cannot be reached, nothing
 * is handled. Transactional effects carry their claim with them: it is made here, and committed with the effect.
 */
export async function claimAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  parsed: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  if (bySequence(consumer, parsed)) return parsed;
  const made = stamp(ports);
  const keyed = markTwins(parsed.map((work) => withClaim(consumer, delivery, work, made)));
  if (consumer.effect === "transactional") return keyed;
  const claims: Claim[] = [];
  for (const { stage } of keyed) if (stage.at === "ready" && stage.claim) claims.push(stage.claim);
  if (claims.length === 0) return keyed;
  try {
    const held = await inTime("The journal", () => ports.journal.claim(claims), delivery.deadline);
    const refused = new Set(claims.filter((_, index) => !held[index]));
    if (refused.size === 0) return keyed;
    const claimed = keyed.map((work) => refuse(work, refused));
    // In a group the next message must know how this one ends; elsewhere that is asked when the batch is settled, at no request.
    return inSequence(consumer, delivery) ? settle(consumer, delivery, claimed, ports) : claimed;
  } catch (thrown) {
    logUnavailable(consumer, { level: "error", event: "claims-unavailable" }, parsed, thrown, ports);
    return keyed.map((work) =>
      work.stage.at === "ended" ? work : ended(work.message, { kind: "deferred", cause: "journal-unavailable" }),
    );
  }
}

/** FIFO with a transactional effect: the group's sequence is the claim, and needs no key. */
function bySequence<T>({ effect }: Consumer<T>, works: readonly Work<T>[]): boolean {
  return effect === "transactional" && works.every(({ message }) => message.sequenceNumber !== undefined);
}

function withClaim<T>(consumer: Consumer<T>, delivery: Delivery, work: Work<T>, made: Stamp): Work<T> {
  const { message, stage } = work;
  if (stage.at !== "ready") return work;
  try {
    const claim = makeClaim(consumer, delivery, stage.read, stage.body, made);
    return claim ? { message, stage: { at: "ready", body: stage.body, read: stage.read, claim } } : work;
  } catch (thrown) {
    return notProcessed(consumer, message, stage.read, thrown);
  }
}

/** Two statements for one key make DynamoDB refuse the whole request, so the first message of a key speaks for the others. */
function markTwins<T>(works: readonly Work<T>[]): readonly Work<T>[] {
  const seen = new Set<string>();
  return works.map((work) => {
    if (work.stage.at !== "ready" || !work.stage.claim) return work;
    const { claim } = work.stage;
    if (!seen.has(claim.key)) {
      seen.add(claim.key);
      return work;
    }
    return { message: work.message, stage: { at: "twin", claim } };
  });
}

function refuse<T>(work: Work<T>, refused: ReadonlySet<Claim>): Work<T> {
  const { message, stage } = work;
  return stage.at === "ready" && stage.claim && refused.has(stage.claim)
    ? { message, stage: { at: "refused", claim: stage.claim } }
    : work;
}
