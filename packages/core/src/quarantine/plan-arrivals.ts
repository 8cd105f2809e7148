import type { ReceivedMessage } from "../message/received-message.ts";
import {
  type Admission,
  admit,
  type GroupMark,
  holdGone,
  holds,
  type Placed,
  pass,
  setAside,
  showsGone,
  suspectRetry,
} from "../model/group-mark.ts";
import { type SetAsideMessage, setAsideMessage } from "./set-aside-message.ts";

/** A received message with its place. */
export interface Arrival {
  readonly message: ReceivedMessage;
  readonly placed: Placed;
}

/** What is to be done with a group's messages of one batch. */
export interface ArrivalPlan {
  readonly after: GroupMark;
  readonly aside: readonly SetAsideMessage[];
  readonly admissions: readonly Admission[];
}

/** What else decides about arrivals. */
interface ArrivalFacts {
  readonly maxReceiveCount?: number | undefined;
  /** Messages, by their SQS ids, that have had their effect before: they may go, since they have none again. */
  readonly done: ReadonlySet<string>;
  readonly nowMs: number;
}

/** Decides on the messages of a group in one batch, in their order: each of them as if those before it succeed, since it has no turn where they do not. */
export function planArrivals(
  mark: GroupMark,
  arrivals: readonly Arrival[],
  { maxReceiveCount = Number.POSITIVE_INFINITY, done, nowMs }: ArrivalFacts,
): ArrivalPlan {
  let after = mark;
  let ahead = mark;
  let isFirst = true;
  const aside: SetAsideMessage[] = [];
  const admissions = arrivals.map(({ message, placed }, index) => {
    if (showsGone(ahead, placed)) {
      after = holdGone(after, nowMs);
      ahead = holdGone(ahead, nowMs);
    }
    const admission = done.has(message.messageId) ? "go" : admit(ahead, placed);
    if (admission === "go") {
      ahead = pass(ahead, placed);
      const isRetry = message.receiveCount > 1 || message.receiveCount >= maxReceiveCount;
      const mayHold = !done.has(message.messageId) && holds(after, placed);
      if (isFirst && mayHold && isRetry) {
        const others = arrivals.slice(index + 1).map((each) => each.placed);
        after = suspectRetry(after, placed, others, nowMs);
      }
      isFirst &&= !mayHold;
    } else if (admission === "set-aside") {
      aside.push(setAsideMessage(message, placed, nowMs));
      const again = placed.place <= after.last;
      after = setAside(after, placed, again);
      ahead = setAside(ahead, placed, again);
    } else {
      after = { ...after, dropped: after.dropped + 1 };
    }
    return admission;
  });
  return { after, aside, admissions };
}
