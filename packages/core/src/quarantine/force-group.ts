import { ReliqError } from "../errors.ts";
import { type FailedMessage, failureId, readFailureId } from "../failure/failed-message.ts";
import { countAside, freeMark, type GroupMark, holdBehind, passFront } from "../model/group-mark.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { changeMark } from "./change-mark.ts";
import type { GroupName } from "./quarantine.ts";
import type { SetAsideMessage } from "./set-aside-message.ts";

/** A held group as a person sees it. */
export interface QuarantineDetail {
  readonly mark: GroupMark;
  /** The failed message that it waits for. */
  readonly failure?: FailedMessage;
  /** Messages of the group that the failure store keeps: what is overtaken if the failed one is given up. */
  readonly behind: number;
  /** The first 100 of them, in order. */
  readonly messages: readonly SetAsideMessage[];
}

/** The most messages that are shown. */
const MOST_SHOWN = 100;

/** Names a held group: `<queue>:<message group>`. */
export function quarantineId({ queue, group }: GroupName): string {
  return `${queue}:${group}`;
}

/** A group, the message that it waits for, and what waits; one that was never held is free. */
export async function describeQuarantine(
  id: string,
  ports: Pick<RecoverPorts, "quarantine" | "store">,
): Promise<QuarantineDetail> {
  const mark = await knownMark(id, ports);
  const { queue, front, through } = mark;
  const [failure] = front ? await ports.store.failures([failureId(queue, front.lineage)]) : [];
  const messages = mark.phase === "free" ? [] : await ports.quarantine.setAside(mark, through, MOST_SHOWN);
  return { mark, behind: countAside(mark), messages, ...(failure && { failure }) };
}

/**
 * Lets a held group go on without its failed message, for a reason that the audit keeps with how many that lets by. The failed message stays
 * where it is, and is overtaken.
 * @throws ReliqError `quarantine-change` where the group does not wait for a message
 */
export async function skipFront(
  id: string,
  reason: string,
  by: string,
  ports: Pick<RecoverPorts, "now" | "quarantine" | "store" | "wakeUps">,
): Promise<QuarantineDetail> {
  const detail = await describeQuarantine(id, ports);
  const { mark } = detail;
  const { queue, group, front } = mark;
  if (!front) {
    const message = `The group ${id} is ${mark.phase}: it waits for no failed message.`;
    throw new ReliqError("quarantine-change", message);
  }
  const isSame = (stored: GroupMark): boolean => stored.front?.lineage === front.lineage;
  const decide = (stored: GroupMark) => ({ after: isSame(stored) ? passFront(stored) : stored });
  const subjects = [failureId(queue, front.lineage)];
  const details = { group, reason, overtakes: detail.behind };
  await ports.store.commit({
    audit: { chain: queue, atMs: ports.now(), by, action: "group-skipped", subjects, details },
  });
  const changed = await changeMark(mark, mark, decide, ports.quarantine);
  await ports.wakeUps.add([{ wakeUp: { kind: "release", queue, group, round: 0 }, afterSeconds: 0 }]);
  return { ...detail, mark: changed.mark ?? mark };
}

/**
 * Holds a group behind a failed message of it because a person says so: where nobody could see it die, say.
 * @throws ReliqError `failure-unknown`, or `quarantine-change` where it is in no group, or over
 */
export async function holdGroupOf(
  failure: string,
  by: string,
  ports: Pick<RecoverPorts, "now" | "quarantine" | "store">,
): Promise<QuarantineDetail> {
  const [found] = await ports.store.failures([failure]);
  if (!found) throw new ReliqError("failure-unknown", `There is no failed message ${failure}.`);
  const { queue, lineage, groupId: group, sequenceNumber: place, state } = found;
  if (group === undefined || place === undefined || state === "resolved" || state === "discarded") {
    const is = group === undefined ? "in no message group" : state;
    throw new ReliqError("quarantine-change", `${failure} is ${is}: nothing can wait for it.`);
  }
  const name = { queue, group };
  const audit = { chain: queue, atMs: ports.now(), by, action: "group-held", subjects: [failure], details: { group } };
  await ports.store.commit({ audit });
  const [known] = await ports.quarantine.marks([name]);
  await changeMark(
    name,
    known,
    (stored) => ({ after: holdBehind(stored, { lineage, place }, ports.now()) }),
    ports.quarantine,
  );
  return describeQuarantine(quarantineId(name), ports);
}

async function knownMark(id: string, { quarantine }: Pick<RecoverPorts, "quarantine">): Promise<GroupMark> {
  const { queue, lineage: group } = readFailureId(id);
  const [mark] = await quarantine.marks([{ queue, group }]);
  return mark ?? freeMark(queue, group);
}
