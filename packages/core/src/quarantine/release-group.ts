import { ReliqError } from "../errors.ts";
import { wholeBody } from "../heal/whole-body.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import { free, type GroupMark, isAllSent, noteSent, releaseThrough } from "../model/group-mark.ts";
import type { RecoverPorts, WakeUp } from "../recover-ports.ts";
import { changeMark } from "./change-mark.ts";
import { passResolved, type ReleaseRules } from "./pass-resolved.ts";
import type { GroupName } from "./quarantine.ts";
import { placeBefore, type SetAsideMessage } from "./set-aside-message.ts";

/** How many messages are released at once, and how often in one call: what is left has a call of its own. */
const MOST_RELEASED = 20;
const MOST_STEPS = 20;

/** The longest between two looks, seconds, and how often a group is looked at before the schedule takes over. */
const LONGEST_LOOK_SECONDS = 300;
const MOST_ROUNDS = 10;

/**
 * Goes on with a group that is held: once its failed message is over, what was set aside behind it is sent to its queue again, in order,
 * until nothing is left. Killed anywhere and called again, or called twice at once, it goes on: a step is written before it is
 * done, and copies that are sent twice are one to the queue for five minutes, and one effect after that.
 * @throws ReliqError `release-unsent` where the queue did not take one of them, or what a port throws: the wake-up comes again.
 */
export async function releaseGroup(
  rules: ReleaseRules,
  { queue, group, round }: GroupName & { readonly round: number },
  ports: RecoverPorts,
): Promise<void> {
  const name = { queue, group };
  const [known] = await ports.quarantine.marks([name]);
  let mark = known && (await passResolved(rules, known, ports));
  let steps = 0;
  while (mark?.phase === "releasing" && !isAllSent(mark) && steps++ < MOST_STEPS) mark = await release(mark, ports);
  if (mark?.phase === "releasing" && isAllSent(mark) && steps === 0) mark = await freeWhereOver(mark, ports);
  const isOpen = mark && (mark.phase === "releasing" || mark.suspect !== undefined);
  if (isOpen) await ports.wakeUps.add(lookAgain(name, steps > 0 ? 0 : round + 1, steps > MOST_STEPS));
}

/** First what was written down to be released and may not have been sent, then the next ones. */
async function release(mark: GroupMark, ports: RecoverPorts): Promise<GroupMark | undefined> {
  const { through, sentThrough, last } = mark;
  const after = sentThrough < through ? sentThrough : through;
  const found = await ports.quarantine.setAside(mark, after, MOST_RELEASED);
  const messages = found.filter(({ place }) => place <= (sentThrough < through ? through : last));
  if (sentThrough < through) return sendReleased(mark, messages, ports);
  const next = messages.at(-1)?.place;
  return change(mark, (stored) => (next === undefined ? free(stored) : releaseThrough(stored, next)), ports);
}

async function sendReleased(
  mark: GroupMark,
  messages: readonly SetAsideMessage[],
  ports: RecoverPorts,
): Promise<GroupMark | undefined> {
  const bodies = await Promise.all(messages.map((message) => wholeBody(message, ports)));
  const { release } = mark;
  const { sent, error } = await ports.resend.release(
    messages.map((message, index) => {
      const { lineage, place, largeBody } = message;
      const envelope = { v: 1, id: lineage, sends: release, via: "release", place, release } as const;
      return { message, body: bodies[index] ?? "", envelope: { ...envelope, ...(largeBody && { s3: largeBody }) } };
    }),
  );
  const last = messages[sent.length - 1];
  const barrier = sent.at(-1)?.sequenceNumber;
  const released = messages.slice(0, sent.length);
  const after =
    last && barrier !== undefined
      ? await change(mark, (stored) => noteSent(stored, last.place, barrier, sent.length), ports, released)
      : mark;
  await audit(mark, released, ports);
  if (error === undefined) return after;
  const message = `Message ${messages[sent.length]?.lineage} of group ${JSON.stringify(mark.group)} was not sent to ${mark.queue}: ${String(error)}. It is sent again.`;
  throw new ReliqError("release-unsent", message, { retryable: true, cause: error });
}

/** Only upon the mark that it was decided on: another release, or another failed message, is another matter. */
async function change(
  mark: GroupMark,
  next: (stored: GroupMark) => GroupMark,
  { quarantine }: RecoverPorts,
  released: readonly SetAsideMessage[] = [],
): Promise<GroupMark | undefined> {
  const isSame = (stored: GroupMark): boolean =>
    stored.phase === "releasing" &&
    stored.release === mark.release &&
    stored.through === mark.through &&
    stored.sentThrough === mark.sentThrough;
  const changed = await changeMark(
    mark,
    mark,
    (stored) => (isSame(stored) ? { after: next(stored), released } : { after: stored }),
    quarantine,
  );
  return changed.mark;
}

async function audit(
  { queue, group, release }: GroupMark,
  messages: readonly SetAsideMessage[],
  { store, now }: RecoverPorts,
): Promise<void> {
  if (messages.length === 0) return;
  const subjects = messages.map(({ lineage }) => lineage);
  const details = { group, release };
  await store.commit({ audit: { chain: queue, atMs: now(), by: "reliq", action: "released", subjects, details } });
}

/** Its consumer frees a group with its last message; where it was killed in between, the claim on that says so. */
async function freeWhereOver(mark: GroupMark, ports: RecoverPorts): Promise<GroupMark | undefined> {
  const [last] = await ports.quarantine.setAside(mark, placeBefore(mark.last), 1);
  if (!last) return mark;
  const [claim] = await ports.journal.read([resentKey(mark.queue, last.lineage)]);
  return claim?.state === "done" ? change(mark, free, ports) : mark;
}

function lookAgain(
  name: GroupName,
  round: number,
  atOnce: boolean,
): readonly { readonly wakeUp: WakeUp; readonly afterSeconds: number }[] {
  if (round > MOST_ROUNDS) return [];
  const afterSeconds = atOnce ? 0 : Math.min(LONGEST_LOOK_SECONDS, 2 ** round);
  return [{ wakeUp: { kind: "release", ...name, round }, afterSeconds }];
}
