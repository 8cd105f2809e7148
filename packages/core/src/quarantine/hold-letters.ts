import type { ExplainedLetter } from "../capture/dead-letter.ts";
import { placeBody } from "../capture/place-content.ts";
import type { EndedLetter } from "../capture/sort-letters.ts";
import { readEnvelope } from "../message/envelope.ts";
import { type GroupMark, holdBehind, holdGone, knownPlace, type Placed, setAside } from "../model/group-mark.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { changeMark } from "./change-mark.ts";
import type { GroupName } from "./quarantine.ts";
import { placeBefore, type SetAsideMessage, setAsideMessage } from "./set-aside-message.ts";

interface PlacedLetter {
  readonly explained: ExplainedLetter;
  /** Without a place where nobody saw it on its queue: a dead-letter queue's own number says nothing of it. */
  readonly placed: Omit<Placed, "place"> & { readonly place?: string };
  readonly message: Omit<SetAsideMessage, "place">;
}

interface LetterPlan {
  readonly after: GroupMark;
  readonly aside: readonly SetAsideMessage[];
  /** Those that have not failed, but were behind one that has. */
  readonly behind: readonly ExplainedLetter[];
}

/**
 * Takes out letters that never had their turn: their group waits for a message before them, so they are set aside, in their place. A
 * letter whose retry had begun, and whose end nobody saw, holds its group from now on.
 */
export async function holdLetters(
  explained: readonly ExplainedLetter[],
  ports: RecoverPorts,
): Promise<{ readonly own: readonly ExplainedLetter[]; readonly aside: readonly EndedLetter[] }> {
  const inGroups = explained.filter(({ letter }) => letter.message.groupId !== undefined);
  if (inGroups.length === 0) return { own: explained, aside: [] };
  const groups = [...Map.groupBy(inGroups, (each) => JSON.stringify(nameOf(each))).values()];
  const names = groups.map(([first]) => nameOf(first));
  const marks = await ports.quarantine.marks(names);
  const behind = new Set<ExplainedLetter>();
  for (const [index, ofGroup] of groups.entries()) {
    const mark = marks[index];
    if (!mark) continue;
    const letters = (await Promise.all(ofGroup.map((each) => placedLetter(each, mark, ports)))).filter(
      (each) => each !== undefined,
    );
    const known = await Promise.all(letters.map((letter) => isSetAside(letter, mark, ports)));
    for (const [place, { explained: each }] of letters.entries()) if (known[place]) behind.add(each);
    const fresh = letters.filter((_, place) => !known[place]);
    const { plan } = await changeMark(
      nameOf(ofGroup[0]),
      mark,
      (at) => planLetters(at, fresh, ports.now()),
      ports.quarantine,
    );
    for (const letter of plan.behind) behind.add(letter);
  }
  return {
    own: explained.filter((each) => !behind.has(each)),
    aside: [...behind].map(({ letter }) => ({ letter, end: { kind: "set-aside" } })),
  };
}

function planLetters(mark: GroupMark, letters: readonly PlacedLetter[], nowMs: number): LetterPlan {
  let after = mark;
  const aside: SetAsideMessage[] = [];
  const behind: ExplainedLetter[] = [];
  for (const { explained, placed: found, message } of letters) {
    const { suspect } = after;
    const { lineage, place: known } = found;
    if (suspect && (suspect.lineage === lineage || known === undefined || suspect.place < known)) {
      after = suspect.lineage === lineage ? holdBehind(after, suspect, nowMs) : holdGone(after, nowMs);
    }
    const placed = { ...found, place: known ?? afterLast(after, found) };
    if (!isBehind(after, placed)) continue;
    behind.push(explained);
    // A copy that a release sent is set aside still.
    if (placed.release !== undefined) {
      after = { ...after, dropped: after.dropped + 1, letters: after.letters + 1 };
      continue;
    }
    aside.push({ ...message, place: placed.place });
    after = { ...setAside(after, placed, false), letters: after.letters + 1 };
  }
  return { after, aside, behind };
}

/** A place behind all that is set aside, and before what the queue gives from now on; letters keep their order among themselves. */
function afterLast({ last }: GroupMark, { sequence }: Pick<Placed, "sequence">): string {
  return `${last}.${sequence}`;
}

/** Its letter was seen before, and not deleted, or it was set aside and its queue did not let go of it: another copy of it is on its way, or over. */
async function isSetAside(
  { placed: { lineage, place, resent }, message }: PlacedLetter,
  { origin, setAside: most }: GroupMark,
  { quarantine }: RecoverPorts,
): Promise<boolean> {
  if (resent) return false;
  const messages =
    place === undefined
      ? await quarantine.setAside(message, origin, most + 1)
      : await quarantine.setAside(message, placeBefore(place), 1);
  return messages.some((each) => each.lineage === lineage);
}

/** One that a heal or a redrive sent had its turn; so had one that died while its group went on. */
function isBehind({ phase, front, through }: GroupMark, { lineage, place, resent, release }: Placed): boolean {
  if (resent && release === undefined) return false;
  if (phase === "held") return lineage !== front?.lineage && place > (front?.place ?? "");
  return phase === "releasing" && place > through;
}

async function placedLetter(
  explained: ExplainedLetter,
  mark: GroupMark,
  ports: RecoverPorts,
): Promise<PlacedLetter | undefined> {
  const { letter, lineage, attempts, sends } = explained;
  const { message, queue } = letter;
  const { sequenceNumber: sequence } = message;
  if (sequence === undefined) return undefined;
  const { place = attempts[0]?.sequenceNumber ?? knownPlace(mark, lineage), release } = readEnvelope(message) ?? {};
  const placed = {
    lineage,
    sequence,
    resent: sends > 0,
    ...(place !== undefined && { place }),
    ...(release !== undefined && { release }),
  };
  const whole = setAsideMessage({ ...message, queue }, { lineage, place: "" }, ports.now());
  return { explained, placed, message: { ...whole, ...(await placeBody(`${queue}:${lineage}/aside`, whole, ports)) } };
}

function nameOf(explained: ExplainedLetter | undefined): GroupName {
  return { queue: explained?.letter.queue ?? "", group: explained?.letter.message.groupId ?? "" };
}
