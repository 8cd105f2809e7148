import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openStore, type Store } from "./store.ts";

let directory: string;
const lines: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-store-"));
  lines.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(): Store {
  const store = openStore(directory, (line) => lines.push(line));
  store.define("CREATE TABLE IF NOT EXISTS kept (value TEXT PRIMARY KEY) STRICT");
  return store;
}
const insert = (store: Store, value: string) =>
  store.transaction(() => void store.statement("INSERT INTO kept (value) VALUES (?)").run(value));
const kept = (store: Store) =>
  store
    .statement("SELECT value FROM kept ORDER BY value")
    .all()
    .map((row) => row["value"]);

test("works that wait together share a commit, and one that throws is undone alone", async () => {
  const store = open();
  const failing = store.transaction(() => {
    store.statement("INSERT INTO kept (value) VALUES ('undone')").run();
    throw new Error("changed its mind");
  });
  const outcomes = await Promise.allSettled([insert(store, "a"), failing, insert(store, "b")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(kept(store)).toEqual(["a", "b"]);
  store.close();
});

test("a work that throws alone is undone, and the next one is not", async () => {
  const store = open();
  const failing = store.transaction(() => {
    store.statement("INSERT INTO kept (value) VALUES ('undone')").run();
    throw new Error("changed its mind");
  });
  await expect(failing).rejects.toThrow("changed its mind");
  await insert(store, "a");
  expect(kept(store)).toEqual(["a"]);
  store.close();
});

test("what waits when the store closes is committed; what comes later is refused, and nothing else breaks", async () => {
  const store = open();
  const waiting = insert(store, "in time");
  store.close();
  await waiting;
  await expect(insert(store, "late")).rejects.toMatchObject({ code: "ServiceUnavailable", status: 503 });
  expect(lines).toHaveLength(1);
  const again = open();
  expect(kept(again)).toEqual(["in time"]);
  again.close();
});

test("the log is brought into the state file as it grows, while works go on", async () => {
  const store = open();
  const bytes = (name: string): number => statSync(join(directory, name)).size;
  await insert(store, "first");
  const before = bytes("region.sqlite");
  await vi.waitFor(async () => {
    await Promise.all(Array.from({ length: 500 }, () => insert(store, randomUUID())));
    expect(bytes("region.sqlite")).toBeGreaterThan(before);
  }, 20_000);
  const all = kept(store).length;
  store.close();
  const again = open();
  expect(kept(again)).toHaveLength(all);
  again.close();
});

test("who listens for commits is told of each, until it ends listening", async () => {
  const store = open();
  const seen: unknown[][] = [];
  const end = store.onCommit(() => seen.push(kept(store)));
  await Promise.all([insert(store, "a"), insert(store, "b")]);
  await insert(store, "c");
  end();
  await insert(store, "d");
  expect(seen).toEqual([
    ["a", "b"],
    ["a", "b", "c"],
  ]);
  store.close();
});
