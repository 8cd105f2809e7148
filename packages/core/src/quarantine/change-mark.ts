import { ReliqError } from "../errors.ts";
import { freeMark, type GroupMark } from "../model/group-mark.ts";
import type { GroupName, Quarantine } from "./quarantine.ts";
import type { SetAsideMessage } from "./set-aside-message.ts";

/** What is to become of a mark: the very same one where nothing is. */
export interface MarkPlan {
  readonly after: GroupMark;
  readonly aside?: readonly SetAsideMessage[];
  readonly released?: readonly SetAsideMessage[];
}

/** A plan that was carried out, and the mark as it is stored now. */
export interface ChangedMark<Plan extends MarkPlan> {
  readonly plan: Plan;
  readonly mark: GroupMark | undefined;
}

/** How often a change is tried that others were faster than: each time one of theirs went through. */
const MOST_TRIES = 20;

/**
 * Carries out what is decided on a group's mark, upon what is stored: where that has changed since it was read, it is decided anew. A change
 * whose answer was lost is found done.
 * @throws ReliqError `quarantine-contended`, or what the store throws
 */
export async function changeMark<Plan extends MarkPlan>(
  name: GroupName,
  known: GroupMark | undefined,
  decide: (mark: GroupMark) => Plan,
  quarantine: Pick<Quarantine, "commit" | "marks">,
): Promise<ChangedMark<Plan>> {
  let before = known;
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const mark = before ?? freeMark(name.queue, name.group);
    const plan = decide(mark);
    const { aside = [], released = [] } = plan;
    if (plan.after === mark && aside.length === 0) return { plan, mark: before };
    const after = { ...plan.after, version: mark.version + 1 };
    if ((await quarantine.commit({ before, after, messages: aside, released })) === "committed")
      return { plan, mark: after };
    [before] = await quarantine.marks([name]);
  }
  const message = `The mark of group ${JSON.stringify(name.group)} of ${name.queue} was changed by others each of ${MOST_TRIES} times.`;
  throw new ReliqError("quarantine-contended", message, { retryable: true });
}
