import { consume } from "../src/consume.ts";
import { type Consumer, type ConsumerOptions, consumer } from "../src/consumer.ts";
import { isOver } from "../src/message/outcome.ts";
import type { ReceivedMessage } from "../src/message/received-message.ts";
import type { Claim } from "../src/model/claim-item.ts";
import type { Journal } from "../src/ports.ts";
import { memoryJournal } from "./memory-journal.ts";
import { NEVER } from "./never.ts";
import { samplePorts } from "./sample-ports.ts";
import { anyBody } from "./samples.ts";

/**
 * What can happen at one step: nothing, a kill of the worker before or after it, its answer lost, the service down, so much time that others
 * get the messages, or as much time with a heartbeat in it (`slow`), which is no fault.
 */
export type Fault = "answer-lost" | "down" | "kill-after" | "kill-before" | "none" | "slow" | "stall" | "throw";

/** A message that a producer sent. */
export interface Sent {
  readonly key: string;
  readonly group: string;
}

export interface World {
  readonly faults: readonly Fault[];
  readonly sent: readonly Sent[];
  readonly mode: "fifo" | "keyed" | "plain" | "transactional";
}

/** What the world looks like at its end. */
export interface Ending {
  /** The effects on each key, and on each group in the order they happened, as message numbers. */
  readonly effects: readonly { readonly message: number; readonly key: string; readonly group: string }[];
  /** Faults between an effect and the end of its delivery: each can repeat the effect in the modes that say so. */
  readonly interruptions: number;
  readonly left: number;
}

/** How long a received message is out of sight, milliseconds. */
const VISIBILITY_MS = 30_000;

interface Queued {
  readonly number: number;
  readonly sent: Sent;
  visibleAtMs: number;
  receiveCount: number;
}

/** What a worker has in hand: the claims that it holds, and messages with the receive count that it got them by. */
interface InHand {
  claims: readonly Claim[];
  /** How many of its handlers take their time, with heartbeats. */
  beating: number;
  readonly messages: readonly (readonly [Queued, number])[];
}

/** Runs the real spine over a queue in memory, with a fault at each step until the faults are used up, to the end. */
export async function simulate({ faults, sent, mode }: World): Promise<Ending> {
  const queue: Queued[] = sent.map((each, number) => ({ number, sent: each, visibleAtMs: 0, receiveCount: 0 }));
  const left = [...faults];
  const effects: { message: number; key: string; group: string }[] = [];
  const perform = (number: number): void => {
    const { key, group } = sent[number] as Sent;
    effects.push({ message: number, key, group });
  };
  const kept = memoryJournal((writes) => perform(Number(writes[0])));
  const time = { nowMs: 1_000_000 };
  let interruptions = 0;
  let tokens = 0;
  let depth = 0;

  const inHand = new Set<InHand>();

  const step = async <T>(work: () => T | Promise<T>): Promise<T> => {
    const fault = left.shift() ?? "none";
    if (fault !== "none" && fault !== "slow") interruptions++;
    if (fault === "kill-before") return new Promise<T>(() => {});
    if (fault === "down") throw new Error("down");
    if (fault === "stall" && depth < 3) {
      time.nowMs += VISIBILITY_MS + 1;
      await deliver();
    }
    const value = await work();
    if (fault === "kill-after") return new Promise<T>(() => {});
    if (fault === "answer-lost" || fault === "throw") throw new Error(fault);
    return value;
  };

  const faulty: Journal = {
    ...kept,
    claim: (claims) => step(() => kept.claim(claims)),
    settle: (settlements) => step(() => kept.settle(settlements)),
    commit: (commit) => step(() => kept.commit(commit)),
  };

  const handle: ConsumerOptions<unknown>["handle"] = async (body, { messageId, receiveCount }) => {
    const number = Number(body);
    if (left[0] === "slow" && depth < 3) {
      left.shift();
      await beat(time, inHand, handOf(inHand, messageId, receiveCount), kept, deliver);
    }
    if (mode === "transactional" || mode === "fifo") return step(() => ({ writes: [number] }));
    return step(() => perform(number));
  };

  const subject = subjectOf(mode, sent, handle);

  async function deliver(): Promise<void> {
    const received = receive(queue, mode, time.nowMs);
    if (received.length === 0) return;
    depth++;
    const hand: InHand = { claims: [], beating: 0, messages: received.map((each) => [each, each.receiveCount]) };
    inHand.add(hand);
    const claim = claimInto(hand, faulty);
    const work = consume(
      subject,
      {
        messages: received.map((each) => message(each, sent, mode)),
        leaseUntilMs: time.nowMs + VISIBILITY_MS,
        signal: NEVER,
        deadline: NEVER,
      },
      samplePorts({ journal: { ...faulty, claim }, now: () => time.nowMs, newToken: () => `t-${++tokens}` }),
    );
    // A killed worker never answers: whatever waits for nothing but it is over.
    const attempted = await Promise.race([work, idle(hand)]);
    inHand.delete(hand);
    depth--;
    for (const { message: each, outcome } of attempted ?? []) {
      if (isOver(outcome)) drop(queue, Number(each.messageId), each.receiveCount);
    }
  }

  for (let round = 0; queue.length > 0 && round < 500; round++) {
    await deliver();
    time.nowMs += VISIBILITY_MS / 2 + 1;
  }
  return { effects, interruptions, left: queue.length };
}

function subjectOf(
  mode: World["mode"],
  sent: readonly Sent[],
  handle: ConsumerOptions<unknown>["handle"],
): Consumer<unknown> {
  return consumer({
    name: "orders",
    schema: anyBody,
    handle,
    concurrency: 2,
    effect: mode === "transactional" || mode === "fifo" ? "transactional" : "any",
    ...(mode !== "plain" && { idempotency: { key: (body) => (sent[Number(body)] as Sent).key } }),
  });
}

/** Resolves once everything that could go on has done so: a delivery whose handlers take their time is not over. */
async function idle(hand: InHand): Promise<undefined> {
  for (let turn = 0; turn < 400; turn = hand.beating > 0 ? 0 : turn + 1) await Promise.resolve();
  return undefined;
}

/** Heartbeats of all workers over twice the visibility timeout, while others receive what they can. */
async function beat(
  time: { nowMs: number },
  inHand: ReadonlySet<InHand>,
  own: InHand,
  journal: Journal,
  deliver: () => Promise<void>,
): Promise<void> {
  own.beating++;
  for (let beats = 0; beats < 4; beats++) {
    // Whoever has just received has claimed by then.
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    time.nowMs += VISIBILITY_MS / 2;
    const leaseUntilMs = time.nowMs + VISIBILITY_MS;
    // All workers' beats before anything else: another leap of time between them would be a stall.
    const renewals = [...inHand].map(({ claims }) =>
      journal.renew(claims.map((claim) => ({ ...claim, nowMs: time.nowMs, leaseUntilMs }))),
    );
    for (const [each, receiveCount] of [...inHand].flatMap(({ messages }) => messages)) {
      if (each.receiveCount === receiveCount) each.visibleAtMs = leaseUntilMs;
    }
    await Promise.all(renewals);
    await deliver();
  }
  own.beating--;
}

function handOf(inHand: ReadonlySet<InHand>, messageId: string, receiveCount: number): InHand {
  const isOf = ({ messages }: InHand): boolean =>
    messages.some(([each, count]) => String(each.number) === messageId && count === receiveCount);
  const hand = [...inHand].find(isOf);
  if (!hand) throw new Error("a handler of no delivery");
  return hand;
}

function claimInto(hand: InHand, journal: Journal): Journal["claim"] {
  return async (claims) => {
    const held = await journal.claim(claims);
    hand.claims = claims.filter((_, index) => held[index]);
    return held;
  };
}

/** Up to three visible messages; on FIFO none of a group of which one is out of sight. */
function receive(queue: readonly Queued[], mode: World["mode"], nowMs: number): readonly Queued[] {
  const locked = new Set(queue.filter((each) => each.visibleAtMs > nowMs).map((each) => each.sent.group));
  const free = queue.filter((each) => each.visibleAtMs <= nowMs && (mode !== "fifo" || !locked.has(each.sent.group)));
  const received = free.slice(0, 3);
  for (const each of received) {
    each.visibleAtMs = nowMs + VISIBILITY_MS;
    each.receiveCount++;
  }
  return received;
}

/** Messages with one key have one body: the number of the first that has it. */
function message({ number, sent, receiveCount }: Queued, all: readonly Sent[], mode: World["mode"]): ReceivedMessage {
  return {
    messageId: String(number),
    queue: mode === "fifo" ? "orders.fifo" : "orders",
    body: String(all.findIndex(({ key }) => key === sent.key)),
    attributes: {},
    receiveCount,
    sentAtMs: 0,
    ...(mode === "fifo" && { groupId: sent.group, sequenceNumber: String(number + 1).padStart(20, "0") }),
  };
}

/** A receipt handle older than the last receive deletes nothing. */
function drop(queue: Queued[], number: number, receiveCount: number): void {
  const index = queue.findIndex((each) => each.number === number && each.receiveCount === receiveCount);
  if (index >= 0) queue.splice(index, 1);
}
