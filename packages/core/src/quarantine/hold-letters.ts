import type { ExplainedLetter } from "../capture/dead-letter.ts";
import { placeBody } from "../capture/place-content.ts";
import type { EndedLetter } from "../capture/sort-letters.ts";
import { readEnvelope } from "../message/envelope.ts";
import { type GroupMark, holdBehind, type Placed, setAside } from "../model/group-mark.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { changeMark } from "./change-mark.ts";
import type { GroupName } from "./quarantine.ts";
import { placeBefore, type SetAsideMessage, setAsideMessage } from "./set-aside-message.ts";

interface PlacedLetter {
  readonly explained: ExplainedLetter;
  readonly placed: Placed;
  readonly message: SetAsideMessage;
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
  const placed = (await Promise.all(explained.map((each) => placedLetter(each, ports)))).filter(
    (each) => each !== undefined,
  );
  if (placed.length === 0) return { own: explained, aside: [] };
  const groups = [...Map.groupBy(placed, ({ message: { queue, group } }) => JSON.stringify([queue, group])).values()];
  const names = groups.map(([first]) => nameOf(first));
  const marks = await ports.quarantine.marks(names);
  const behind = new Set<ExplainedLetter>();
  for (const [index, letters] of groups.entries()) {
    const mark = marks[index];
    if (!mark) continue;
    const known = await Promise.all(letters.map((letter) => isSetAside(letter, ports)));
    for (const [place, { explained: each }] of letters.entries()) if (known[place]) behind.add(each);
    const fresh = letters.filter((_, place) => !known[place]);
    const { plan } = await changeMark(
      nameOf(letters[0]),
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
  for (const { explained, placed, message } of letters) {
    const { suspect } = after;
    if (suspect && (suspect.lineage === placed.lineage || suspect.place < placed.place)) {
      const isOwn = suspect.lineage === placed.lineage;
      after = holdBehind(after, isOwn ? suspect : { ...suspect, inferred: true }, nowMs);
    }
    if (!isBehind(after, placed)) continue;
    behind.push(explained);
    // A copy that a release sent is set aside still.
    if (placed.release !== undefined) {
      after = { ...after, dropped: after.dropped + 1, letters: after.letters + 1 };
      continue;
    }
    aside.push(message);
    after = { ...setAside(after, placed, false), letters: after.letters + 1 };
  }
  return { after, aside, behind };
}

/** Its letter was seen before, and not deleted: another copy of it is on its way, or over. */
async function isSetAside({ placed, message }: PlacedLetter, { quarantine }: RecoverPorts): Promise<boolean> {
  if (placed.resent) return false;
  const [found] = await quarantine.setAside(message, placeBefore(placed.place), 1);
  return found?.lineage === placed.lineage;
}

/** One that a heal or a redrive sent had its turn; so had one that died while its group went on. */
function isBehind({ phase, front, through }: GroupMark, { lineage, place, resent, release }: Placed): boolean {
  if (resent && release === undefined) return false;
  if (phase === "held") return lineage !== front?.lineage && place > (front?.place ?? "");
  return phase === "releasing" && place > through;
}

async function placedLetter(explained: ExplainedLetter, ports: RecoverPorts): Promise<PlacedLetter | undefined> {
  const { letter, lineage, attempts, sends } = explained;
  const { message, queue } = letter;
  const envelope = readEnvelope(message);
  // A dead-letter queue's own number says nothing of the place on the queue, which is what the attempts saw.
  const place = envelope?.place ?? attempts[0]?.sequenceNumber ?? message.sequenceNumber;
  if (message.groupId === undefined || place === undefined) return undefined;
  const release = envelope?.release;
  const placed = { lineage, place, sequence: place, resent: sends > 0, ...(release !== undefined && { release }) };
  const whole = setAsideMessage({ ...message, queue }, placed, ports.now());
  return { explained, placed, message: { ...whole, ...(await placeBody(`${queue}:${lineage}/aside`, whole, ports)) } };
}

function nameOf(letter: PlacedLetter | undefined): GroupName {
  return { queue: letter?.message.queue ?? "", group: letter?.message.group ?? "" };
}
