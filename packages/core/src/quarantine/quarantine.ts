import type { GroupMark } from "../model/group-mark.ts";
import type { SetAsideMessage } from "./set-aside-message.ts";

/** Names a message group. */
export interface GroupName {
  readonly queue: string;
  readonly group: string;
}

/** A change of one group, all or nothing: it holds only where the stored mark is still `before`. */
export interface QuarantineChange {
  readonly before: GroupMark | undefined;
  /** Its version is one more. */
  readonly after: GroupMark;
  /** Set aside with it, at most 20; one that is there already is there once. */
  readonly messages?: readonly SetAsideMessage[];
  /** Released with it, at most 20: they are kept 90 days from then on. */
  readonly released?: readonly SetAsideMessage[];
}

/** Where groups that are held, and what was set aside behind their failed messages, are kept. */
export interface Quarantine {
  /** Marks of distinct groups, in order, consistent, in one request for up to 100. @throws where they cannot be read: then nothing of these groups may be handled. */
  marks(groups: readonly GroupName[]): Promise<readonly (GroupMark | undefined)[]>;
  /** `conflict`: the mark has changed since it was read, and nothing was written; also where this very change was written by a request whose answer was lost. */
  commit(change: QuarantineChange): Promise<"committed" | "conflict">;
  /** What was set aside after a place, in order, at most `limit`; consistent. */
  setAside(group: GroupName, after: string, limit: number): Promise<readonly SetAsideMessage[]>;
  /** Marks of a queue's groups that are held or releasing, or have a suspect, those first that are so the longest; eventually consistent. */
  open(queue: string): Promise<readonly GroupMark[]>;
}
