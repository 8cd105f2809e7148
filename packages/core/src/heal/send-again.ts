import type { AuditRecord } from "../audit/audit-entry.ts";
import { describeError } from "../classify/thrown.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import type { Envelope } from "../message/envelope.ts";
import { isFifo } from "../order/is-fifo.ts";
import { passedPlaces } from "../order/passed-places.ts";
import type { RecoverPorts, ResentMessage, Transition } from "../recover-ports.ts";
import { holdUnsendable, unsendableBecause } from "./unsendable.ts";
import { wholeBody } from "./whole-body.ts";

/** How messages are sent again, and by whom. */
export interface SendAgain {
  readonly via: NonNullable<FailedMessage["via"]>;
  /** A person's identity, or `reliq`. */
  readonly by: string;
  /** The redrive or replay that sends. */
  readonly run?: string;
  /** Standard queues: how long a message stays hidden, 0 to 900. @default 0 */
  readonly delaySeconds?: (failure: FailedMessage) => number;
}

/** How one of them ended. */
export type SentAgain =
  | { readonly kind: "sent"; readonly failure: FailedMessage }
  /** Its record says requeued, and whether SQS has it is not known: send it once more. */
  | { readonly kind: "in-doubt"; readonly failure: FailedMessage; readonly error: string }
  /** Somebody else changed it meanwhile: nothing was sent. */
  | { readonly kind: "conflict"; readonly failure: FailedMessage }
  /** SQS would refuse it as it is, for ever: nothing was sent, and where it was healing it is held. */
  | { readonly kind: "unsendable"; readonly failure: FailedMessage; readonly because: string };

/**
 * Sends records' messages to their queues again: first their records say requeued, in one commit, so that an edit or a discard
 * at the same time wins or loses whole; then they are sent. A message that was sent twice by a kill in between has one effect,
 * since its consumer claims it by its lineage. One that has no room for Reliq's attribute is held before that, since SQS would
 * refuse it for ever. At most 20, of one queue.
 */
export async function sendAgain(
  given: readonly FailedMessage[],
  how: SendAgain,
  ports: RecoverPorts,
): Promise<readonly SentAgain[]> {
  const refused = given.flatMap((failure): Extract<SentAgain, { kind: "unsendable" }>[] => {
    const because = unsendableBecause(failure);
    return because === undefined ? [] : [{ kind: "unsendable", failure, because }];
  });
  await holdUnsendable(refused, ports);
  const failures = given.filter((failure) => !refused.some((each) => each.failure === failure));
  return failures.length === 0 ? refused : [...refused, ...(await sendTogether(failures, how, ports))];
}

async function sendTogether(
  failures: readonly FailedMessage[],
  how: SendAgain,
  ports: RecoverPorts,
): Promise<readonly SentAgain[]> {
  const passed = await passedPlaces(failures, ports);
  const transitions = failures.map((before, index) => ({
    before,
    after: { ...requeued(before, how, ports.now()), ...overtaken(before, passed[index]) },
  }));
  if ((await commitRequeued(transitions, how, ports)) === "committed") {
    return sendOnce(
      transitions.map(({ after }) => after),
      how,
      ports,
    );
  }
  const [only, ...others] = failures;
  if (only === undefined || others.length === 0) return failures.map((failure) => ({ kind: "conflict", failure }));
  return sendOneByOne(failures, how, ports);
}

/** In turn; on FIFO none is sent behind one of which it is not known that SQS has it. */
async function sendOneByOne(
  failures: readonly FailedMessage[],
  how: SendAgain,
  ports: RecoverPorts,
): Promise<readonly SentAgain[]> {
  const ends: SentAgain[] = [];
  for (const failure of failures) {
    const [end] = await sendTogether([failure], how, ports);
    if (end) ends.push(end);
    if (end?.kind !== "sent" && isFifo(failure.queue)) break;
  }
  return ends;
}

/** Sends requeued messages as their records say; also what is in doubt, once more. */
export async function sendOnce(
  failures: readonly FailedMessage[],
  how: Pick<SendAgain, "delaySeconds">,
  ports: RecoverPorts,
): Promise<readonly SentAgain[]> {
  const bodies = await Promise.all(failures.map((failure) => wholeBody(failure, ports)));
  const messages = failures.map((failure, index): ResentMessage => {
    const delaySeconds = how.delaySeconds?.(failure) ?? 0;
    return { failure, body: bodies[index] ?? "", envelope: envelopeOf(failure), delaySeconds };
  });
  const ends = await ports.resend.send(messages);
  return failures.map((failure, index) => {
    const end = ends[index];
    if (end && "messageId" in end) return { kind: "sent", failure };
    return { kind: "in-doubt", failure, error: describeError(end?.error) };
  });
}

function overtaken({ sequenceNumber = "" }: FailedMessage, passed = ""): Pick<FailedMessage, "overtakenBy"> {
  return passed > sequenceNumber ? { overtakenBy: passed } : {};
}

function requeued(before: FailedMessage, { via, run }: SendAgain, nowMs: number): FailedMessage {
  const { dueAtMs: _, run: __, resolvedBy: ___, asked: ____, overtakenBy: _____, ...rest } = before;
  return {
    ...rest,
    state: "requeued",
    version: before.version + 1,
    sends: before.sends + 1,
    heals: before.heals + (via === "heal" ? 1 : 0),
    via,
    requeuedAtMs: nowMs,
    updatedAtMs: nowMs,
    ...(run !== undefined && { run }),
  };
}

/** What a message carries when it is sent as its record says. */
export function envelopeOf(failure: FailedMessage): Envelope {
  const { lineage, sends, heals, via, run, largeBody, sequenceNumber: place } = failure;
  const how = { ...(via && { via }), ...(run !== undefined && { run }), ...(place !== undefined && { place }) };
  return { v: 1, id: lineage, sends, heals, ...how, ...(largeBody && { s3: largeBody }) };
}

const ACTIONS: Readonly<Record<SendAgain["via"], string>> = {
  edit: "edited-sent",
  heal: "healed",
  redrive: "redriven",
  release: "released",
  replay: "replayed",
};

function commitRequeued(
  failures: readonly Transition<FailedMessage>[],
  { via, by, run }: SendAgain,
  { store, now }: RecoverPorts,
): Promise<"committed" | "conflict"> {
  const audit: AuditRecord = {
    chain: failures[0]?.after.queue ?? "reliq",
    atMs: now(),
    by,
    action: ACTIONS[via],
    subjects: failures.map(({ after }) => after.id),
    details: { ...(run !== undefined && { run }) },
  };
  return store.commit({ failures, audit });
}
