type StoreTrouble = "corrupt" | "full" | "layout" | "locked" | "not-a-directory" | "other" | "read-only";

const ADVICE: Readonly<Record<StoreTrouble, string>> = {
  corrupt:
    "Nothing was changed. Restore the file from a copy, or move it away; `reliq local reset` clears the state for good.",
  full: "Free some space and try again; nothing that was acknowledged is lost.",
  layout: "Nothing was changed. Use the version that wrote it, or clear the state with `reliq local reset`.",
  locked: "Another region is running on it: stop that one, or give this one its own with --state DIR.",
  "not-a-directory": "Give a directory with --state DIR.",
  other: "Nothing that was acknowledged is lost. Check the disk and the directory, or give another with --state DIR.",
  "read-only": "Make the directory writable, or give another with --state DIR.",
};

/** What SQLite and the file system call each trouble (https://www.sqlite.org/rescode.html). */
const TROUBLES: Readonly<Record<number | string, StoreTrouble>> = {
  5: "locked",
  6: "locked",
  8: "read-only",
  11: "corrupt",
  13: "full",
  14: "read-only",
  26: "corrupt",
  EACCES: "read-only",
  EPERM: "read-only",
  EROFS: "read-only",
  ENOSPC: "full",
  // What making a directory on a read-only file system fails with, in Node.
  ENOENT: "read-only",
  EEXIST: "not-a-directory",
  ENOTDIR: "not-a-directory",
};

/** The state file cannot be used; the message says why and what to do, in one line. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
  readonly code: string;

  constructor(path: string, trouble: StoreTrouble, what: string, cause?: unknown) {
    super(`The state file ${path} cannot be used: ${what}. ${ADVICE[trouble]}`, { cause });
    this.code = `state-${trouble}`;
  }
}

/** Words a failure of SQLite or of the file system as a StoreError. */
export function storeFailure(path: string, error: unknown): StoreError {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
  const trouble = TROUBLES[(errcode ?? 0) & 0xff] ?? TROUBLES[code ?? ""] ?? "other";
  return new StoreError(path, trouble, message, error);
}
