import type { Transition } from "../recover-ports.ts";
import type { FailedMessage, FailureState } from "./failed-message.ts";

/**
 * Failed messages of one queue by state, what was captured and what was sent again: what the account is made of. `resolved`
 * and `discarded` also count what has been forgotten since.
 */
export interface QueueTotals {
  readonly queue: string;
  readonly states: Readonly<Record<FailureState, number>>;
  /** Deaths captured, and copies sent to the queue again. */
  readonly deaths: number;
  readonly sends: number;
  /** FIFO queues whose consumers hold groups. @default none was held */
  readonly quarantine?: QuarantineTotals;
}

/** What held groups have set aside, sent again, seen come too late, and taken from the dead-letter queue; all ever. */
export interface QuarantineTotals {
  readonly setAside: number;
  readonly sent: number;
  readonly dropped: number;
  readonly letters: number;
}

/** The totals of a queue that nothing has failed on. */
export function noTotals(queue: string): QueueTotals {
  const states = { held: 0, healing: 0, requeued: 0, resolved: 0, archived: 0, discarded: 0 };
  return { queue, states, deaths: 0, sends: 0 };
}

/** What transitions add to the totals of their queues, one for each queue. */
export function addedTotals(transitions: readonly Transition<FailedMessage>[]): readonly QueueTotals[] {
  const byQueue = new Map<string, QueueTotals>();
  for (const transition of transitions) {
    const { queue } = transition.after;
    byQueue.set(queue, add(byQueue.get(queue) ?? noTotals(queue), transition));
  }
  return [...byQueue.values()];
}

/** Totals and what is added to them. */
export function sumTotals(totals: QueueTotals, added: QueueTotals): QueueTotals {
  const names = Object.keys(totals.states) as FailureState[];
  const states = Object.fromEntries(names.map((name) => [name, totals.states[name] + added.states[name]]));
  return {
    queue: totals.queue,
    states: states as Record<FailureState, number>,
    deaths: totals.deaths + added.deaths,
    sends: totals.sends + added.sends,
    ...(totals.quarantine && { quarantine: totals.quarantine }),
  };
}

function add(totals: QueueTotals, { before, after }: Transition<FailedMessage>): QueueTotals {
  const states = { ...totals.states };
  if (before) states[before.state] -= 1;
  states[after.state] += 1;
  return {
    queue: totals.queue,
    states,
    deaths: totals.deaths + after.deaths - (before?.deaths ?? 0),
    sends: totals.sends + after.sends - (before?.sends ?? 0),
  };
}
