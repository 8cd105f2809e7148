import type { FailedMessage } from "../failure/failed-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { isFifo } from "./is-fifo.ts";
import { sequenceGroup } from "./sequence-group.ts";

type Placed = Pick<FailedMessage, "consumer" | "groupId" | "lineage" | "queue">;

/**
 * FIFO: how far the groups of messages are known to have gone without them, as places: where effects are transactional, by the group's last effect in order; where a
 * group was held, by how far it was released. Undefined where nothing is known.
 */
export async function passedPlaces(
  failures: readonly Placed[],
  { journal, quarantine }: Pick<RecoverPorts, "journal" | "quarantine">,
): Promise<readonly (string | undefined)[]> {
  const inGroups = failures.filter(({ queue, groupId }) => isFifo(queue) && groupId !== undefined);
  if (inGroups.length === 0) return failures.map(() => undefined);
  const names = new Map(inGroups.map(({ queue, groupId: group = "" }) => [`${queue}:${group}`, { queue, group }]));
  const [sequences, marks] = await Promise.all([
    journal.lastSequences(
      inGroups.map(({ queue, consumer = "", groupId = "" }) => sequenceGroup(consumer, queue, groupId)),
    ),
    quarantine.marks([...names.values()]),
  ]);
  const markOf = new Map([...names.keys()].map((name, index) => [name, marks[index]]));
  return failures.map((failure) => {
    const { queue, groupId, lineage } = failure;
    const mark = markOf.get(`${queue}:${groupId}`);
    const released = mark && mark.front?.lineage !== lineage && mark.sentThrough !== "" ? mark.sentThrough : undefined;
    const places = [sequences[inGroups.indexOf(failure)], released].filter((each) => each !== undefined);
    return places.toSorted().at(-1);
  });
}
