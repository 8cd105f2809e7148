import {
  type GroupMark,
  holdBehind,
  holdGone,
  holds,
  pass,
  setAside,
  showsGone,
  suspectRetry,
} from "../model/group-mark.ts";
import type { Arrival } from "./plan-arrivals.ts";
import { type SetAsideMessage, setAsideMessage } from "./set-aside-message.ts";

/** How a message of a group ended, as its group's order sees it. */
export interface ArrivalEnd extends Arrival {
  /** `lost`: it has failed for good. `stays`: it comes back to this queue. */
  readonly end: "lost" | "passed" | "stays";
}

/** What is written down of a group at the end of a batch. */
export interface EndPlan {
  readonly after: GroupMark;
  readonly aside: readonly SetAsideMessage[];
}

/**
 * Decides what the ends of a group's messages in one batch, in their order, make of its mark. Those behind a message that failed for good
 * are set aside where they would not come back: at their last receive. The others are when they come.
 */
export function planEnds(mark: GroupMark, ends: readonly ArrivalEnd[], nowMs: number): EndPlan {
  let after = mark;
  let held = false;
  const aside: SetAsideMessage[] = [];
  for (const [index, { message, placed, end }] of ends.entries()) {
    if (end === "lost" && showsGone(after, placed)) {
      after = holdGone(after, nowMs);
      held = true;
    }
    if (held) {
      if (end === "lost" && placed.release === undefined && !placed.resent) {
        aside.push(setAsideMessage(message, placed, nowMs));
        after = setAside(after, placed, placed.place <= after.last);
      }
      continue;
    }
    if (end === "passed") after = pass(after, placed);
    else if (end === "lost" && holds(after, placed)) {
      after = holdBehind(after, placed, nowMs);
      held = after.front?.lineage === placed.lineage;
    } else if (end === "stays") {
      const others = ends.slice(index + 1).map((each) => each.placed);
      if (message.receiveCount > 1) after = suspectRetry(after, placed, others, nowMs);
      break;
    }
  }
  return { after, aside };
}
