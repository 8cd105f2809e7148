import { marshall } from "@aws-sdk/util-dynamodb";
import { type GroupMark, type GroupName, KEPT_MS, type SetAsideMessage } from "@reliq/core/recovery";
import { place } from "../failure-store/keys.ts";
import { recordItem } from "../failure-store/records.ts";
import type { Item } from "../statements.ts";

/** The largest item (developer guide, "Service quotas"). */
export const LARGEST_ITEM_BYTES: number = 400 * 1024;

/** The partition of a group; a consumer may reach partitions that begin so, and no others. */
export function partition({ queue, group }: GroupName): string {
  return `quarantine#${queue}#${group}`;
}

/** The key of a group's mark. */
export function markKey(name: GroupName): Item {
  return { pk: { S: partition(name) }, sk: { S: "mark" } };
}

/** The sort key of a message that is set aside. */
export function messageSort(placeInGroup: string): string {
  return `message#${placeInGroup}`;
}

/** The list that a queue's open marks are in. */
export function openList(queue: string): string {
  return `quarantine#${queue}`;
}

/** A mark: listed while it is open, forgotten 90 days after its last change where it is not. */
export function markItem(mark: GroupMark, nowMs: number): Item {
  const { queue, group, phase, suspect, sinceMs } = mark;
  const isOpen = phase !== "free" || suspect !== undefined;
  const sinceOpenMs = phase === "free" ? (suspect?.sinceMs ?? sinceMs) : sinceMs;
  return recordItem(
    markKey({ queue, group }),
    mark,
    isOpen ? { byQueue: openList(queue), at: place(sinceOpenMs, group) } : { expiresAt: expiry(nowMs) },
  );
}

/** A message that is set aside; from its release on it is kept for 90 days. */
export function messageItem(message: SetAsideMessage, releasedAtMs?: number): Item {
  const { queue, group, place: placeInGroup } = message;
  const key = { pk: { S: partition({ queue, group }) }, sk: { S: messageSort(placeInGroup) } };
  return recordItem(key, message, releasedAtMs === undefined ? {} : { releasedAtMs, expiresAt: expiry(releasedAtMs) });
}

/** The condition that an item's record has a version, or that there is none. */
export function isVersion(version: number | undefined): object {
  if (version === undefined) return { ConditionExpression: "attribute_not_exists(pk)" };
  return {
    ConditionExpression: "#record.version = :version",
    ExpressionAttributeNames: { "#record": "record" },
    ExpressionAttributeValues: marshall({ ":version": version }),
  };
}

function expiry(fromMs: number): number {
  return Math.floor((fromMs + KEPT_MS) / 1_000);
}
