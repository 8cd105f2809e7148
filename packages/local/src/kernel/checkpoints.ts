import { open } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";

/** How many rows change between two checkpoints: some 3,000 pages of the log. Rarer ones write a page that changes often once, and take longer. */
const CHANGES = 4_000;

/**
 * Brings the write-ahead log into the state file as it grows; what it gives is called after each commit. A checkpoint waits for the disk twice, and every request with it: for the log,
 * and for the file. The log is brought to the disk before, beside all work, so that little of it is left to wait for.
 */
export function watchLog(database: DatabaseSync, path: string): () => void {
  const counting = database.prepare("SELECT total_changes() AS changes");
  const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const changes = (): number => Number(counting.get()?.["changes"]);
  let atLast = changes();
  let underWay = false;
  const bring = async (): Promise<void> => {
    await syncFile(`${path}-wal`);
    if (!database.isOpen) return;
    checkpoint.get();
    atLast = changes();
  };
  return () => {
    if (underWay || changes() - atLast < CHANGES) return;
    underWay = true;
    // What could not be brought stays in the log, which is as good; a disk that fails tells the next commit.
    void bring()
      .catch(() => {})
      .finally(() => {
        underWay = false;
      });
  };
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
}
