import { hash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

/** Copies of one failure, at most: each has a letter and a digit of its own. */
const MOST_COPIES = 260;

/** Between two failures of the history, milliseconds; and how long before its death a message was sent. */
const STEP_MS = 1_000;
const SENT_BEFORE_MS = 60_000;

type Row = Record<string, SQLOutputValue>;

/** A failure of the history as it stands in the state file. */
interface StoredFailure {
  readonly row: Row;
  readonly item: string;
  /** `m-1` */
  readonly lineage: string;
  readonly atMs: number;
  readonly entries: readonly Row[];
}

/**
 * Multiplies the history of a table in the state of a region that is not running: each of its failures is copied with another lineage and at an earlier time, byte
 * for byte what the region would have written, and the queue's totals with it. Through the region a million would take a quarter of an hour.
 */
export function copyFailures(stateDirectory: string, table: string, copies: number): void {
  if (copies > MOST_COPIES) throw new Error(`${copies} copies are wanted; ${MOST_COPIES} can be told apart.`);
  const state = new DatabaseSync(join(stateDirectory, "region.sqlite"));
  try {
    state.exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000");
    const id = Number(state.prepare("SELECT id FROM dynamodb_table WHERE name = ?").get(table)?.["id"]);
    const stored = readFailures(state, id);
    for (let copy = 0; copy < copies; copy += 1) {
      state.exec("BEGIN");
      writeCopies(state, id, stored, copy);
      state.exec("COMMIT");
      console.error(`${stored.length * (copy + 2)} failures stored`);
    }
    multiplyTotals(state, id, copies + 1);
    state.exec("PRAGMA journal_mode=WAL");
  } finally {
    state.close();
  }
}

function readFailures(state: DatabaseSync, table: number): readonly StoredFailure[] {
  const all = state.prepare("SELECT * FROM dynamodb_index_entry WHERE table_id = ?").all(table);
  const entriesOf = Map.groupBy(all, ({ item_hash: key }) => textOf(key));
  const rows = state
    .prepare("SELECT * FROM dynamodb_item WHERE table_id = ? AND range = CAST('failure' AS BLOB)")
    .all(table);
  const stored = rows.map((row) => {
    const item = String(row["item"]);
    const { record } = JSON.parse(item) as { record: { M: { lineage: { S: string }; capturedAtMs: { N: string } } } };
    const { lineage, capturedAtMs } = record.M;
    const entries = entriesOf.get(textOf(row["hash"])) ?? [];
    return { row, item, entries, lineage: lineage.S, atMs: Number(capturedAtMs.N) };
  });
  return stored.filter(({ lineage }) => /^m-\d+$/.test(lineage)).toSorted((a, b) => a.atMs - b.atMs);
}

function writeCopies(state: DatabaseSync, table: number, stored: readonly StoredFailure[], copy: number): void {
  const putItem = state.prepare("INSERT INTO dynamodb_item VALUES (?, ?, ?, ?, ?, ?)");
  const putEntry = state.prepare("INSERT INTO dynamodb_index_entry VALUES (?, ?, ?, ?, ?, ?)");
  const earlierMs = (copy + 1) * stored.length * STEP_MS;
  const mark = `${String.fromCharCode(97 + Math.floor(copy / 10))}${copy % 10}`;
  let bytes = 0;
  for (const { row, item, lineage, atMs, entries } of stored) {
    const later = rewritten({ lineage, atMs }, { lineage: lineage.replace("m-", mark), atMs: atMs - earlierMs });
    const text = later(item);
    const { pk, expiresAt } = JSON.parse(text) as { pk: { S: string }; expiresAt?: { N: string } };
    const expires = expiresAt === undefined ? null : Number(expiresAt.N) - earlierMs / 1_000;
    const key = Buffer.concat([hash("md5", pk.S, "buffer").subarray(0, 4), Buffer.from(pk.S)]);
    const final = expires === null ? text : text.replace(`"${expiresAt?.N}"`, `"${expires}"`);
    putItem.run(table, key, row["range"] ?? null, row["bytes"] ?? 0, expires, final);
    for (const { index_name: name = null, hash: partition = null, range = null, item_range: own = null } of entries) {
      putEntry.run(table, name, partition, Buffer.from(later(textOf(range)), "latin1"), key, own);
    }
    bytes += Number(row["bytes"]);
  }
  const size = state.prepare("UPDATE dynamodb_size SET items = items + ?, bytes = bytes + ? WHERE table_id = ?");
  size.run(stored.length, bytes, table);
}

interface Told {
  readonly lineage: string;
  readonly atMs: number;
}

/** Writes the lineage and the times of one failure as those of another; both are as long. */
function rewritten(from: Told, to: Told): (text: string) => string {
  return (text) =>
    text
      .replaceAll(from.lineage, to.lineage)
      .replaceAll(String(from.atMs), String(to.atMs))
      .replaceAll(String(from.atMs - SENT_BEFORE_MS), String(to.atMs - SENT_BEFORE_MS));
}

function multiplyTotals(state: DatabaseSync, table: number, times: number): void {
  const ofTotals = "table_id = ? AND range = CAST('totals' AS BLOB)";
  for (const { hash: key = null, item } of state.prepare(`SELECT * FROM dynamodb_item WHERE ${ofTotals}`).all(table)) {
    const totals = JSON.parse(String(item)) as Record<string, { readonly N?: string }>;
    const numbers = Object.entries(totals).map(([name, value]) => [
      name,
      value.N === undefined ? value : { N: String(Number(value.N) * times) },
    ]);
    const text = JSON.stringify(Object.fromEntries(numbers));
    state.prepare(`UPDATE dynamodb_item SET item = ? WHERE ${ofTotals} AND hash = ?`).run(text, table, key);
  }
}

/** The bytes of a key as text, each byte a character. */
function textOf(value: SQLOutputValue | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
}
