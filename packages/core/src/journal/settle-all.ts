import { describeError } from "../classify/thrown.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { otherPayload, resolveProbe } from "../idempotency/resolve-probe.ts";
import { aboutAttempt } from "../log/about-message.ts";
import { failed } from "../message/failed.ts";
import { isOver } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { type Attempted, ended, type Work } from "../message/work.ts";
import type { Claim } from "../model/claim-item.ts";
import type { ConsumePorts, LogLine } from "../ports.ts";
import { redactorOf } from "../redact/redactor-of.ts";
import { inTime } from "../until-aborted.ts";
import { logFailure, makeEntry } from "./make-entry.ts";
import { markResent } from "./mark-resent.ts";
import type { Settled, Settlement } from "./settlement.ts";

/** The longest result that is kept: of a claim's item, which DynamoDB limits to 400 KB, it takes 300 KB at worst. */
const LONGEST_RESULT_CHARACTERS = 100_000;

/**
 * Writes down how the attempts of a batch ended, in one request: effects completed, failures with their reasons, and
 * whether what could not be claimed is done already. A journal that cannot be reached turns no processed message into a failed one.
 */
export async function settleAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  attempted: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Attempted[]> {
  const resolved = endTwins(consumer, await settle(consumer, delivery, attempted, ports));
  // What has turned out only now, such as another message's key or a claim that was lost, is journalled too.
  const late = resolved.filter(({ stage }, index) => stage !== attempted[index]?.stage);
  if (late.length > 0) await settle(consumer, delivery, late, ports);
  const ends = resolved.map(
    ({ message, stage }): Attempted => ({
      message,
      outcome: stage.at === "ended" ? stage.outcome : { kind: "deferred", cause: "in-progress" },
    }),
  );
  await markResent(consumer, delivery, ends, ports);
  return ends;
}

/** Writes down what has ended, and asks what is behind the keys that could not be claimed, in one request. */
export async function settle<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  works: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  const settlements = works.map((work) => settlementOf(consumer, delivery, work, ports));
  const wanted = settlements.filter((settlement) => settlement !== undefined);
  if (wanted.length === 0) return works;
  const answers = await askJournal(delivery, wanted, ports);
  let asked = 0;
  return works.map((work, index) => {
    const settlement = settlements[index];
    const answer = settlement && answers[asked++];
    return settlement && answer ? settledWork(consumer, work, settlement, answer, ports) : work;
  });
}

function settlementOf<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  { message, stage }: Work<T>,
  ports: ConsumePorts,
): Settlement | undefined {
  if (stage.at === "refused") return { kind: "probe", claim: probe(consumer, stage.claim) };
  if (stage.at !== "ended") return undefined;
  const { outcome, claim, result } = stage;
  if (outcome.kind === "failed" || outcome.kind === "deferred") {
    const entry = makeEntry(consumer, delivery, message, outcome, ports.now());
    if (entry && outcome.kind === "failed") logFailure(consumer, message, entry, ports);
    const isReleased = entry?.final && claim && consumer.effect !== "transactional";
    return entry && { kind: "journal", entry, ...(isReleased && { release: claim }) };
  }
  if (outcome.kind !== "processed" || !claim || consumer.effect === "transactional") return undefined;
  const kept = consumer.idempotency?.keepResult ? keptResult(consumer, message, result, ports) : undefined;
  return { kind: "complete", claim: { ...claim, endedAtMs: ports.now() }, ...(kept !== undefined && { result: kept }) };
}

/** No key is remembered for so long: where results are kept, an item that is done is refused too, and so shown with its result. */
function probe<T>({ idempotency }: Consumer<T>, claim: Claim): Claim {
  return idempotency?.keepResult ? { ...claim, nowMs: Number.MAX_SAFE_INTEGER } : claim;
}

/** A result that cannot be kept is no reason to fail a message whose effect is there: its duplicates get none. */
function keptResult<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  result: unknown,
  { log }: ConsumePorts,
): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(result);
    if (text === undefined || text.length <= LONGEST_RESULT_CHARACTERS) return text;
    throw new RangeError(`Of ${text.length} characters at most ${LONGEST_RESULT_CHARACTERS} are kept.`);
  } catch (thrown) {
    const about = aboutAttempt(consumer, message);
    log({ level: "warn", event: "result-not-kept", ...about, error: describeError(thrown) });
    return undefined;
  }
}

async function askJournal(
  { deadline }: Delivery,
  settlements: readonly Settlement[],
  ports: ConsumePorts,
): Promise<readonly Settled[]> {
  try {
    return await inTime("The journal", () => ports.journal.settle(settlements), deadline);
  } catch (error) {
    return settlements.map(() => ({ kind: "unavailable", error }));
  }
}

function settledWork<T>(
  consumer: Consumer<T>,
  work: Work<T>,
  settlement: Settlement,
  answer: Settled,
  ports: ConsumePorts,
): Work<T> {
  const { message, stage } = work;
  if (answer.kind === "unavailable") {
    const what = unwritten(consumer, message, settlement);
    ports.log({ ...what, ...aboutAttempt(consumer, message), error: describeError(answer.error) });
    // The effect is there: giving the message back would only repeat it.
    return settlement.kind === "probe" ? ended(message, { kind: "deferred", cause: "journal-unavailable" }) : work;
  }
  if (stage.at === "refused") return resolveProbe(consumer, message, stage.claim, answer);
  if (settlement.kind !== "complete" || answer.kind === "done") return work;
  return ended(message, { kind: "deferred", cause: "claim-lost" });
}

function unwritten<T>(consumer: Consumer<T>, message: ReceivedMessage, settlement: Settlement): LogLine {
  if (settlement.kind === "journal") return { level: "error", event: "journal-unavailable", entry: settlement.entry };
  const { key } = settlement.claim;
  return { level: "error", event: "completion-unavailable", key: redactorOf(consumer, message)?.(key) ?? key };
}

/** Messages that share a key with one before them in the batch end as that one's effect says. */
function endTwins<T>(consumer: Consumer<T>, works: readonly Work<T>[]): readonly Work<T>[] {
  if (works.every(({ stage }) => stage.at !== "twin")) return works;
  const firstOf = new Map(
    works.flatMap(({ stage }) => (stage.at === "ended" && stage.claim ? [[stage.claim.key, stage] as const] : [])),
  );
  return works.map((work) => {
    const { message, stage } = work;
    if (stage.at !== "twin") return work;
    const first = firstOf.get(stage.claim.key);
    if (!first?.claim || !isOver(first.outcome)) return ended(message, { kind: "deferred", cause: "behind-sibling" });
    const same = first.claim.payloadHash === stage.claim.payloadHash;
    return ended(message, same ? { kind: "duplicate" } : failed(consumer, message, otherPayload(stage.claim)));
  });
}
