/** A message as its group's order knows it. */
export interface Placed {
  readonly lineage: string;
  /** The sequence number that it had when its producer sent it: its place in the group, also when it was sent again since. */
  readonly place: string;
  /** The sequence number that it has on its queue now. */
  readonly sequence: string;
  /** Whether Reliq has sent it again. */
  readonly resent: boolean;
  /** Of a copy that a release sent: which release. */
  readonly release?: number;
}

/** The message that a group waits for, or may have to. */
export interface Front {
  readonly lineage: string;
  readonly place: string;
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs: number;
  /** Whether nobody saw its end: that it is gone was read from what came after it. */
  readonly inferred?: true;
}

/**
 * What is kept of a message group that a message of it has failed in, or was tried again in. Places are sequence numbers, compared as
 * texts; "" is before all of them.
 */
export interface GroupMark {
  readonly queue: string;
  readonly group: string;
  /** Grows by one with each change. */
  readonly version: number;
  /** `free`: messages are handled as they come. `held`: those behind `front` are set aside. `releasing`: those set aside are sent again, others queue behind them. */
  readonly phase: "free" | "held" | "releasing";
  /** While held: the message that failed for good. */
  readonly front?: Front;
  /** A message whose retry has begun: whoever is received behind it knows that it is gone, and did not succeed. */
  readonly suspect?: Front;
  /** What was received behind the suspect: it may be dead-lettered with it, and a dead-letter queue's numbers say nothing of a place. */
  readonly behind?: readonly Pick<Placed, "lineage" | "place">[];
  /** Grows whenever the group is held: copies of an earlier release are not handled any more, since their messages are still set aside. */
  readonly release: number;
  /** What was set aside has its place after `origin`, up to `last`. */
  readonly origin: string;
  readonly last: string;
  /** Up to here it was released, and up to here that is known to be on the queue, where the last copy has `barrier` as its sequence number. */
  readonly through: string;
  readonly sentThrough: string;
  readonly barrier?: string;
  /**
   * How many messages this group's quarantines have set aside, how many copies of them were sent, how many of those came too late to be handled,
   * and how many of both were dead letters.
   */
  readonly setAside: number;
  readonly sent: number;
  readonly dropped: number;
  readonly letters: number;
  /** Since when it is held or releasing, milliseconds since the Unix epoch. */
  readonly sinceMs: number;
}

/** What becomes of a received message: its handler's turn, a place behind the failed one, or nothing, since a newer copy of it is on its way. */
export type Admission = "drop" | "go" | "set-aside";

/** The mark of a group that has none. */
export function freeMark(queue: string, group: string): GroupMark {
  const places = { origin: "", last: "", through: "", sentThrough: "" };
  return {
    queue,
    group,
    version: 0,
    phase: "free",
    release: 0,
    ...places,
    setAside: 0,
    sent: 0,
    dropped: 0,
    letters: 0,
    sinceMs: 0,
  };
}

/** Decides on a received message, where those before it in its batch succeed. */
export function admit(mark: GroupMark, message: Placed): Admission {
  const { phase, front, suspect, origin, last } = mark;
  const { lineage, place, resent, release } = message;
  if (lineage === front?.lineage || lineage === suspect?.lineage) return "go";
  if (release !== undefined) return release === mark.release && phase !== "held" ? "go" : "drop";
  // Sent again by a heal, a redrive or an edit: whether that may be is decided before it is sent.
  if (resent) return "go";
  // Set aside already, and its delete was lost.
  if (place > origin && place <= last) return "set-aside";
  switch (phase) {
    case "free":
      return "go";
    case "held":
      return place < (front?.place ?? "") ? "go" : "set-aside";
    case "releasing":
      return isAllSent(mark) && mark.barrier !== undefined && message.sequence > mark.barrier ? "go" : "set-aside";
  }
}

/** Whether a message shows, by being received, that the suspect is gone from the queue: SQS gives a group in order. */
export function showsGone({ suspect }: GroupMark, { lineage, place, resent, release }: Placed): boolean {
  if (!suspect || lineage === suspect.lineage) return false;
  return (!resent || release !== undefined) && place > suspect.place;
}

/** Whether a message that fails for good holds its group: one that was sent again has been overtaken by those that went on without it. */
export function holds({ front, suspect }: GroupMark, { lineage, resent, release }: Placed): boolean {
  return !resent || release !== undefined || lineage === front?.lineage || lineage === suspect?.lineage;
}

/** A retry begins, with others of its group received behind it. */
export function suspectRetry(mark: GroupMark, message: Placed, others: readonly Placed[], nowMs: number): GroupMark {
  const isHeld = mark.phase === "held";
  if (isHeld ? message.lineage !== mark.front?.lineage : !holds(mark, message)) return mark;
  const known = mark.behind ?? [];
  const fresh = others.filter(({ lineage, resent }) => !resent && known.every((each) => each.lineage !== lineage));
  if ((isHeld || mark.suspect) && fresh.length === 0) return mark;
  const behind = [...known, ...fresh.map(({ lineage, place }) => ({ lineage, place }))];
  const suspect = mark.suspect ?? frontOf(message, nowMs);
  return { ...mark, ...(!isHeld && { suspect }), ...(behind.length > 0 && { behind }) };
}

/** Where a message of the group is known to have its place; undefined where nobody saw it. */
export function knownPlace({ suspect, front, behind = [] }: GroupMark, lineage: string): string | undefined {
  return [suspect, front, ...behind].find((each) => each?.lineage === lineage)?.place;
}

/** A message has failed for good: what is behind it waits. Repeated, it changes nothing. */
export function holdBehind(
  mark: GroupMark,
  message: Pick<Front, "inferred" | "lineage" | "place">,
  nowMs: number,
): GroupMark {
  const { phase, front, last } = mark;
  // What failed before has its place before it, or is this very one.
  if (phase === "held" && front && front.place <= message.place) return mark;
  const { suspect: _, barrier: __, ...rest } = mark;
  const { place } = message;
  const isNew = place > last;
  return {
    ...rest,
    phase: "held",
    front: { ...frontOf(message, nowMs), ...(message.inferred && { inferred: true }) },
    release: mark.release + 1,
    through: place,
    sentThrough: place,
    ...(isNew && { origin: place, last: place }),
    sinceMs: phase === "free" ? nowMs : mark.sinceMs,
  };
}

/** The suspect is gone from its queue, and nobody saw its end: its group waits for it. */
export function holdGone(mark: GroupMark, nowMs: number): GroupMark {
  return mark.suspect ? holdBehind(mark, { ...mark.suspect, inferred: true }, nowMs) : mark;
}

/** A message behind the failed one is set aside; `again` where it was before. */
export function setAside(mark: GroupMark, { place }: Pick<Placed, "place">, again: boolean): GroupMark {
  return { ...mark, last: place > mark.last ? place : mark.last, setAside: mark.setAside + (again ? 0 : 1) };
}

/** A message has had its effect. */
export function pass(mark: GroupMark, message: Placed): GroupMark {
  if (message.lineage === mark.suspect?.lineage) {
    const { suspect: _, behind: __, ...rest } = mark;
    return pass(rest, message);
  }
  if (mark.phase === "held" && message.lineage === mark.front?.lineage) return passFront(mark);
  return mark.phase === "releasing" && isAllSent(mark) && isLast(mark, message) ? free(mark) : mark;
}

/** The failed message is not waited for any longer. */
export function passFront(mark: GroupMark): GroupMark {
  if (mark.phase !== "held" || !mark.front) return mark;
  const { front: _, ...rest } = mark;
  // What was before it on the queue has been received before it: if nothing of that was set aside, nothing waits.
  return mark.last <= mark.through ? free(rest) : { ...rest, phase: "releasing" };
}

/** Those up to `through` are released: from now on their copies are handled. */
export function releaseThrough(mark: GroupMark, through: string): GroupMark {
  return { ...mark, through };
}

/** The copies up to `through` are on the queue; the last of them has `barrier` as its sequence number. */
export function noteSent(mark: GroupMark, through: string, barrier: string, count: number): GroupMark {
  return { ...mark, sentThrough: through, barrier, sent: mark.sent + count };
}

/** Nothing is waited for, and nothing waits. */
export function free(mark: GroupMark): GroupMark {
  const { front: _, barrier: __, behind: ___, ...rest } = mark;
  return { ...rest, phase: "free" };
}

/** How many messages of the group the failure store keeps from their queue. */
export function countAside({ setAside: aside, sent, dropped }: GroupMark): number {
  return aside + dropped - sent;
}

/** Whether all that was set aside is on its queue again. */
export function isAllSent({ last, through, sentThrough }: GroupMark): boolean {
  return last <= through && through <= sentThrough;
}

/** Those before it on the queue are over: SQS gives a group in order. */
function isLast({ last, release, barrier }: GroupMark, message: Placed): boolean {
  if (message.release !== undefined) return message.release === release && message.place >= last;
  return !message.resent && barrier !== undefined && message.sequence > barrier;
}

function frontOf({ lineage, place }: Pick<Placed, "lineage" | "place">, sinceMs: number): Front {
  return { lineage, place, sinceMs };
}
