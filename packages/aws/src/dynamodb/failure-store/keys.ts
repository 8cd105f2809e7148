import type { RunEntry } from "@reliq/core/recovery";
import type { Item } from "../statements.ts";

/** Where the names of all chains and of all queues are. */
export const DIRECTORY = "directory";

/** The key of a failed message. */
export function failureKey(id: string): Item {
  return key(`failure#${id}`, "failure");
}

/** The key of a group; its alert and its hours are in its partition. */
export function groupKey(id: string): Item {
  return key(groupPartition(id), "group");
}

/** The key of what has been announced of a group. */
export function alertKey(group: string): Item {
  return key(groupPartition(group), "alert");
}

/** The key of one hour of a group. */
export function hourKey(group: string, atMs: number): Item {
  return key(groupPartition(group), hourSort(atMs));
}

/** The partition of a group. */
export function groupPartition(id: string): string {
  return `group#${id}`;
}

/** The sort key of an hour. */
export function hourSort(atMs: number): string {
  return `hour#${time(atMs)}`;
}

/** The key of a queue's totals. */
export function totalsKey(queue: string): Item {
  return key(`queue#${queue}`, "totals");
}

/** The key of which run a queue has. */
export function queueRunKey(queue: string): Item {
  return key(`queue#${queue}`, "run");
}

/** The key of an approval. */
export function approvalKey(id: string): Item {
  return key(`approval#${id}`, "approval");
}

/** The key of a run; its entries are in its partition. */
export function runKey(id: string): Item {
  return key(runPartition(id), "run");
}

/** The key of a run's entry. */
export function entryKey({ run, position }: RunEntry): Item {
  return key(runPartition(run), numbered(position));
}

/** The partition of a run. */
export function runPartition(id: string): string {
  return `run#${id}`;
}

/** The key of a chain's end; its entries are in its partition. */
export function headKey(chain: string): Item {
  return key(chainPartition(chain), "head");
}

/** The key of an entry of a chain. */
export function auditKey(chain: string, sequence: number): Item {
  return key(chainPartition(chain), numbered(sequence));
}

/** The partition of a chain. */
export function chainPartition(chain: string): string {
  return `chain#${chain}`;
}

/** The key of a name in the directory. */
export function directoryKey(kind: "chain" | "queue", name: string): Item {
  return key(DIRECTORY, `${kind}#${name}`);
}

/** The sort key of an entry, of a run or of a chain. */
export function numbered(number: number): string {
  return `entry#${String(number).padStart(12, "0")}`;
}

/** A place in a list: a time, then an id. */
export function place(atMs: number, id: string): string {
  return `${time(atMs)}#${id}`;
}

/** A time whose texts sort as times do; milliseconds since the Unix epoch. */
export function time(atMs: number): string {
  return String(Math.max(0, Math.floor(atMs))).padStart(15, "0");
}

/** Tells keys apart. */
export function keyText({ pk, sk }: Item): string {
  return `${pk?.S}\n${sk?.S}`;
}

function key(pk: string, sk: string): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
