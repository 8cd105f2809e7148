import type { World } from "../../../kernel/service.ts";
import type { RecordedOutcome } from "./invocation-table.ts";

/** How long notes wait for others, ms: one write takes them all. */
const LINGER_MS = 50;

/** How an invocation ended. */
interface NotedEnd {
  readonly endedAt: number;
  readonly outcome: RecordedOutcome;
  readonly error: string | undefined;
  readonly logStream: string;
}

interface Note {
  readonly requestId: string;
  readonly functionName: string;
  readonly startedAt: number;
  end?: NotedEnd;
  /** Its number, once it is stored. */
  id?: number;
}

/** Notes invocations that have no messages, whose end explains no death: a moment later, many in one write, and one that is over by then at once. */
export interface LateNotes {
  /** Notes that an invocation begins; the returned function, how it ended. */
  begin(
    requestId: string,
    functionName: string,
  ): (outcome: RecordedOutcome, error: string | undefined, logStream: string) => void;
  /** Resolves when all that was noted is stored, or could not be, which the store has reported. */
  flush(): Promise<void>;
}

export function createLateNotes({ store, clock }: World): LateNotes {
  let waiting = new Set<Note>();
  let storing: Promise<void> = Promise.resolve();
  const insert = ({ requestId, functionName, startedAt, end }: Note): number => {
    const { endedAt = null, outcome = null, error, logStream = null } = end ?? {};
    const { lastInsertRowid } = store
      .statement(
        `INSERT INTO lambda_invocation (requestId, functionName, startedAt, endedAt, outcome, error, logStream)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(requestId, functionName, startedAt, endedAt, outcome, error ?? null, logStream);
    return Number(lastInsertRowid);
  };
  const close = (id: number, { endedAt, outcome, error, logStream }: NotedEnd): number => {
    store
      .statement("UPDATE lambda_invocation SET endedAt = ?, outcome = ?, error = ?, logStream = ? WHERE id = ?")
      .run(endedAt, outcome, error ?? null, logStream, id);
    return id;
  };
  const put = async (): Promise<void> => {
    const notes = [...waiting];
    waiting = new Set();
    if (notes.length === 0) return;
    const write = (note: Note): number =>
      note.id === undefined || !note.end ? insert(note) : close(note.id, note.end);
    const ids = await store.transaction(() => notes.map(write)).catch(() => []);
    for (const [index, note] of notes.entries()) if (ids[index] !== undefined) note.id = ids[index];
  };
  const flush = (): Promise<void> => {
    storing = storing.then(put);
    return storing;
  };
  const add = (note: Note): void => {
    if (waiting.size === 0) setTimeout(flush, LINGER_MS).unref();
    waiting.add(note);
  };
  return {
    begin: (requestId, functionName) => {
      const note: Note = { requestId, functionName, startedAt: clock.now() };
      add(note);
      return (outcome, error, logStream) => {
        note.end = { endedAt: clock.now(), outcome, error, logStream };
        add(note);
      };
    },
    flush,
  };
}
