import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { watchLog } from "./checkpoints.ts";
import { ServiceError } from "./service-error.ts";
import { StoreError, storeFailure } from "./store-error.ts";

/** The layout of the state file; a file of another layout is refused. */
const LAYOUT_VERSION = 1;

/** How far the write-ahead log grows until a commit itself brings its pages to the state file, pages of 4 KiB: further than `watchLog` lets it, but for a transaction of many thousand rows. */
const CHECKPOINT_PAGES = 32_000;

/** Memory for pages of the state file, KiB (SQLite's own default is 2,000): a list that is asked for again finds its pages there. */
const CACHE_KIB = 65_536;

/** A larger state file is looked through at the start only where it was not closed in order, bytes: reading it all would take seconds to minutes. */
const LARGEST_CHECKED_BYTES = 256 * 1024 * 1024;

/** The region's one SQLite file. */
export interface Store {
  /** The directory that holds the state file and the files beside it. */
  readonly directory: string;
  /** Creates a service's tables where they are missing (`CREATE … IF NOT EXISTS`). @throws StoreError */
  define(schema: string): void;
  /** A prepared statement, cached by its text. */
  statement(sql: string): StatementSync;
  /**
   * Runs `work` in a transaction and resolves after its commit. Works that wait together share one commit (group commit);
   * each is undone alone when it throws. `work` is synchronous: it reads and writes, and changes no memory that outlives an undo.
   * @throws what `work` throws, or a 503 ServiceUnavailable when the file cannot be written: then nothing was acknowledged.
   */
  transaction<T>(work: () => T): Promise<T>;
  /** Calls back after each commit: who waits for what another service writes looks again then. The returned function ends it. */
  onCommit(listener: () => void): () => void;
  close(): void;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens the state file of a directory, and creates it where it is missing.
 * @throws StoreError that says what is wrong with the file or the directory, and what to do.
 */
export function openStore(directory: string, report: (line: string) => void = console.error): Store {
  const path = join(directory, "region.sqlite");
  const database = openDatabase(directory, path);
  const marks = prepareMarks(database);
  const committed = watchLog(database, path);
  const statements = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const prepared = database.prepare(sql);
    statements.set(sql, prepared);
    return prepared;
  };
  const listeners = new Set<() => void>();
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const works = waiting;
    waiting = [];
    if (works.length === 0) return;
    commitTogether(database, marks, works, (error) => report(storeFailure(path, error).message));
    for (const listener of listeners) listener();
    if (database.isOpen) committed();
  };
  return {
    directory,
    define: (schema) => {
      try {
        database.exec(schema);
      } catch (error) {
        throw storeFailure(path, error);
      }
    },
    statement,
    transaction: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.push({ work, resolve: resolve as Waiting["resolve"], reject }) === 1) setImmediate(flush);
      }),
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      flush();
      statements.clear();
      database.close();
    },
  };
}

function openDatabase(directory: string, path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    // SQLite itself calls a read-only file system a fault of the disk.
    accessSync(directory, constants.W_OK);
    const thorough = needsCheck(path);
    database = new DatabaseSync(path);
    // An exclusive lock keeps a second region off the same state, and is released by the system when the process dies.
    database.exec(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=OFF;",
    );
    database.exec(`PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}; PRAGMA cache_size=-${CACHE_KIB}`);
    database.exec("BEGIN IMMEDIATE; COMMIT;");
    checkLayout(database, path, thorough);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : storeFailure(path, error);
  }
}

/** SQLite removes the log beside a file that it closes. */
function needsCheck(path: string): boolean {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return bytes <= LARGEST_CHECKED_BYTES || existsSync(`${path}-wal`);
}

function checkLayout(database: DatabaseSync, path: string, thorough: boolean): void {
  const broken = thorough ? database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"] : "ok";
  if (broken !== "ok") throw new StoreError(path, "corrupt", `it is damaged (${broken})`);
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version === 0) database.exec(`PRAGMA user_version=${LAYOUT_VERSION}`);
  else if (version !== LAYOUT_VERSION) {
    throw new StoreError(path, "layout", `it has layout ${version}, and this version of Reliq reads ${LAYOUT_VERSION}`);
  }
}

/** What begins and ends transactions, prepared once: texts are read at each use, which costs more than a small work. */
interface Marks {
  readonly begin: () => void;
  readonly commit: () => void;
  readonly savepoint: () => void;
  readonly release: () => void;
}

function prepareMarks(database: DatabaseSync): Marks {
  const [begin, commit, savepoint, release] = ["BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT work", "RELEASE work"].map(
    (sql) => {
      const statement = database.prepare(sql);
      return (): void => void statement.run();
    },
  ) as [() => void, () => void, () => void, () => void];
  return { begin, commit, savepoint, release };
}

function commitTogether(
  database: DatabaseSync,
  marks: Marks,
  works: readonly Waiting[],
  report: (error: unknown) => void,
): void {
  const settled: (() => void)[] = [];
  try {
    marks.begin();
    const [first] = works;
    // Alone, a work is undone with the transaction.
    if (first && works.length === 1) settled.push(runAlone(database, marks, first));
    else {
      for (const each of works) settled.push(runInSavepoint(database, marks, each));
      marks.commit();
    }
  } catch (error) {
    if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
    report(error);
    const refusal = new ServiceError("ServiceUnavailable", "The local region cannot write its state.", {
      status: 503,
      cause: error,
    });
    for (const each of works) each.reject(refusal);
    return;
  }
  for (const settle of settled) settle();
}

/** Returns how to settle the work, whose transaction is over; throws only when the file itself fails. */
function runAlone(database: DatabaseSync, { commit }: Marks, { work, resolve, reject }: Waiting): () => void {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    if (isFileFailure(error)) throw error;
    database.exec("ROLLBACK");
    return () => reject(error);
  }
  commit();
  return () => resolve(value as never);
}

/** Returns how to settle the work after the commit; throws only when the file itself fails. */
function runInSavepoint(
  database: DatabaseSync,
  { savepoint, release }: Marks,
  { work, resolve, reject }: Waiting,
): () => void {
  savepoint();
  try {
    const value = work();
    release();
    return () => resolve(value as never);
  } catch (error) {
    if (isFileFailure(error)) throw error;
    database.exec("ROLLBACK TO work; RELEASE work");
    return () => reject(error);
  }
}

function isFileFailure(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SQLITE_ERROR";
}
