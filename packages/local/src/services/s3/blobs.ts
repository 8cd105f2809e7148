import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { storeFailure } from "../../kernel/store-error.ts";

/** Up to this size a body lies in its row, bytes. */
const LARGEST_INLINE_BYTES = 16 * 1_024;

/** A file that holds a body or a part of one; it is written once and never changed. */
export interface Blob {
  readonly id: string;
  readonly bytes: number;
}

export interface Content {
  readonly blobs: readonly Blob[];
  readonly body: Uint8Array | null;
}

/**
 * The files beside the state file, under names of their own. A file counts from the commit of the row that names it: killed
 * before, it is one that no row names, and the next start removes it; killed after, the one that it replaced is.
 */
export interface Blobs {
  /** Keeps a body: a small one for its row, any other in a file. @throws ServiceUnavailable where the disk refuses */
  keep(bytes: Uint8Array): Promise<Content>;
  write(bytes: Uint8Array): Promise<Blob>;
  /** The bytes from `start` up to `end`; synchronous, so that the files of a row just read are still there. */
  read(content: Content, start: number, end: number): Uint8Array;
  /** Never fails: a file that stays is removed at the next start. */
  remove(blobs: readonly Blob[]): Promise<void>;
}

/** Opens the directory of the files; called before any request, it removes those that no row names. */
export function openBlobs({ store, report }: World): Blobs {
  const directory = join(store.directory, "blobs");
  const pathOf = (id: string): string => join(directory, id);
  mkdirSync(directory, { recursive: true });
  const named = store
    .statement("SELECT value->>'id' AS id FROM s3_object, json_each(blobs) UNION SELECT blob->>'id' FROM s3_part")
    .all();
  const kept = new Set(named.map((row) => row["id"]));
  for (const file of readdirSync(directory)) if (!kept.has(file)) rmSync(pathOf(file), { force: true });

  const write = async (bytes: Uint8Array): Promise<Blob> => {
    const blob = { id: randomUUID(), bytes: bytes.byteLength };
    try {
      await writeFile(pathOf(blob.id), bytes, { flag: "wx" });
      return blob;
    } catch (cause) {
      await rm(pathOf(blob.id), { force: true }).catch(() => {});
      report(storeFailure(pathOf(blob.id), cause).message);
      throw new ServiceError("ServiceUnavailable", "The local region cannot write its state.", { status: 503, cause });
    }
  };
  return {
    write,
    keep: async (bytes) => {
      if (bytes.byteLength <= LARGEST_INLINE_BYTES) return { blobs: [], body: bytes };
      return { blobs: [await write(bytes)], body: null };
    },
    read: ({ blobs, body }, start, end) => body?.subarray(start, end) ?? readFiles(blobs, start, end, pathOf),
    remove: async (blobs) => {
      await Promise.all(blobs.map(({ id }) => rm(pathOf(id), { force: true }).catch(() => {})));
    },
  };
}

function readFiles(blobs: readonly Blob[], start: number, end: number, pathOf: (id: string) => string): Uint8Array {
  const bytes = Buffer.allocUnsafe(Math.max(0, end - start));
  let offset = 0;
  let filled = 0;
  for (const blob of blobs) {
    const from = Math.max(0, start - offset);
    const to = Math.min(blob.bytes, end - offset);
    if (from < to) filled += readFile(pathOf(blob.id), bytes, filled, from, to);
    offset += blob.bytes;
  }
  return bytes;
}

function readFile(path: string, target: Buffer, at: number, from: number, to: number): number {
  const file = openSync(path, "r");
  try {
    let done = 0;
    while (from + done < to) {
      const read = readSync(file, target, at + done, to - from - done, from + done);
      if (read === 0) throw new Error(`The file ${path} is shorter than its row says: it was changed from outside.`);
      done += read;
    }
    return done;
  } finally {
    closeSync(file);
  }
}
