import { randomUUID } from "node:crypto";
import type { Action, Members, World } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { existingGroup } from "../group.ts";
import { groupNameOf, integerWithin, requiredText, texts } from "../input.ts";
import { queryDoesNotExist } from "./errors.ts";
import { discoverFields, type Fields, type StoredEvent } from "./fields.ts";
import { type Found, readQuery } from "./query.ts";

/** The most groups and rows of a query (StartQuery), and how many answers are kept. */
const MOST_GROUPS = 50;
const MOST_ROWS = 10_000;
const MOST_KEPT = 100;

/** What a query read. */
interface Scanned {
  records: number;
  bytes: number;
}

/** The actions of queries: each is run as it is started, and its answer is kept until many others came. */
export function queryActions(world: World): Record<string, Action> {
  const answers = new Map<string, Found & { readonly scanned: Scanned }>();
  return {
    StartQuery: (input) => {
      const groups = readGroups(input);
      const [from, until] = readSpan(input);
      const query = readQuery(requiredText(input, "queryString"));
      const limit = integerWithin(input, "limit", 1, MOST_ROWS);
      const scanned = { records: 0, bytes: 0 };
      const found = query(readEvents(world, groups, [from * 1_000, until * 1_000 + 999], scanned), limit);
      const queryId = randomUUID();
      answers.set(queryId, { ...found, scanned });
      for (const oldest of answers.keys()) if (answers.size > MOST_KEPT) answers.delete(oldest);
      return { queryId };
    },
    GetQueryResults: (input) => {
      const id = requiredText(input, "queryId");
      const answer = answers.get(id);
      if (!answer) throw queryDoesNotExist("query", id);
      const { rows, matched, scanned } = answer;
      return {
        queryLanguage: "CWLI",
        results: rows,
        status: "Complete",
        statistics: { recordsMatched: matched, recordsScanned: scanned.records, bytesScanned: scanned.bytes },
      };
    },
    StopQuery: (input) => {
      const id = requiredText(input, "queryId");
      if (!answers.has(id)) throw queryDoesNotExist("query", id);
      throw invalidParameter(`The query ${id} has ended with the status Complete, so it cannot be stopped.`);
    },
  };
}

function readGroups(input: Members): readonly string[] {
  const identifiers = [...texts(input, "logGroupNames"), ...texts(input, "logGroupIdentifiers")];
  const groups =
    input["logGroupName"] === undefined
      ? identifiers.map((logGroupIdentifier) => groupNameOf({ logGroupIdentifier }))
      : [groupNameOf(input)];
  if (groups.length > 0 && groups.length <= MOST_GROUPS) return groups;
  throw invalidParameter(
    `A query takes 1 to ${MOST_GROUPS} log groups, by logGroupName, logGroupNames or logGroupIdentifiers.`,
  );
}

/** Seconds since the epoch, both included. */
function readSpan(input: Members): readonly [from: number, until: number] {
  const time = (name: string): number => {
    const seconds = integerWithin(input, name, 0, Number.MAX_SAFE_INTEGER / 1_000);
    if (seconds === undefined) throw invalidParameter(`The parameter ${name} is required: seconds since the epoch.`);
    return seconds;
  };
  const [from, until] = [time("startTime"), time("endTime")];
  if (from <= until) return [from, until];
  throw invalidParameter(`startTime ${from} is later than endTime ${until}.`);
}

/** The events of groups by time, oldest first. */
function* readEvents(
  { store, accountId }: World,
  groups: readonly string[],
  [fromMs, untilMs]: readonly [number, number],
  scanned: Scanned,
): Generator<Fields> {
  const ids = new Map(groups.map((name) => [existingGroup(store, name).id, `${accountId}:${name}`]));
  const rows = store
    .statement(
      `SELECT e.id, e.groupId, s.name AS stream, e.at, e.ingestedAt, e.message
       FROM logs_event e JOIN logs_stream s ON s.id = e.streamId
       WHERE e.groupId IN (SELECT value FROM json_each(?)) AND e.at BETWEEN ? AND ? ORDER BY e.at, e.id`,
    )
    .iterate(JSON.stringify([...ids.keys()]), fromMs, untilMs) as unknown as Iterable<
    StoredEvent & { groupId: number }
  >;
  for (const row of rows) {
    scanned.records++;
    scanned.bytes += row.message.length;
    yield discoverFields(row, ids.get(row.groupId) ?? "");
  }
}
