import type { FailedMessage } from "../failure/failed-message.ts";
import type { RunOptions } from "./redrive-run.ts";
import { holdsBack, type Judgement, type MessageFacts, verdictOf } from "./verdict.ts";

/** A message and what is said of it. */
export interface Judged extends Judgement {
  readonly failure: FailedMessage;
}

/** A failed message of a group that is neither over nor part of the plan. */
export interface OpenMessage {
  readonly id: string;
  readonly group: string;
  readonly sequenceNumber: string;
}

/**
 * Judges messages that are in the order in which they would be sent. Of a FIFO group the first that has still to have its effect,
 * and cannot be sent, holds back all that are newer.
 */
export function judgeAll(
  all: readonly MessageFacts[],
  others: readonly OpenMessage[],
  options: Pick<RunOptions, "maxHeals" | "minAgeSeconds">,
  nowMs: number,
): readonly Judged[] {
  const oldest = oldestByGroup(others);
  const holding = new Map<string, string>();
  return all.map((facts) => {
    const { failure } = facts;
    const group = failure.groupId;
    const other = group === undefined ? undefined : oldest.get(group);
    const older = other && other.sequenceNumber < (failure.sequenceNumber ?? "") ? other.id : undefined;
    const behind = group === undefined ? undefined : (holding.get(group) ?? older);
    const judgement = verdictOf(facts, options, behind, nowMs);
    if (group !== undefined && holdsBack(judgement.verdict) && !holding.has(group))
      holding.set(group, behind ?? failure.id);
    return { failure, ...judgement };
  });
}

function oldestByGroup(others: readonly OpenMessage[]): ReadonlyMap<string, OpenMessage> {
  const oldest = new Map<string, OpenMessage>();
  for (const each of others) {
    const known = oldest.get(each.group);
    if (known === undefined || each.sequenceNumber < known.sequenceNumber) oldest.set(each.group, each);
  }
  return oldest;
}
