import type { Action, Members, World } from "../../../kernel/service.ts";
import { wasDone } from "../items/request-token.ts";
import { applyTogether, checkApart, checkCount } from "../items/transaction.ts";
import { selectOne } from "../partiql/read.ts";
import { readStatement, type StatementRequest, wordedForStatements } from "../partiql/request.ts";
import { planWrite } from "../partiql/write.ts";
import {
  addUnits,
  type CapacityDetail,
  capacityDetail,
  readUnits,
  showAllCapacity,
  writtenUnits,
} from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { asMap, refuseOthers, requiredList } from "../request/members.ts";
import type { Table } from "../tables/table.ts";

const STATEMENT_MEMBERS = ["Statement", "Parameters", "ReturnValuesOnConditionCheckFailure"];

/** Carries out up to 100 PartiQL statements that all read or all write: all of them or none. */
export function executeTransaction(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TransactStatements", "ClientRequestToken", "ReturnConsumedCapacity"]);
    const detail = capacityDetail(input);
    const parts = requiredList(input, "TransactStatements");
    checkCount("TransactStatements", parts);
    const requests = parts.map((each) => {
      const part = asMap(each, "TransactStatement");
      refuseOthers(part, STATEMENT_MEMBERS);
      return readStatement(part);
    });
    const reads = requests.filter((each) => each.statement.body.kind === "select").length;
    if (reads > 0 && reads < requests.length) {
      throw validationError(
        "ExecuteTransaction API does not support both read and write operations in the same request.",
      );
    }
    if (reads > 0) return read(world, requests, detail);
    return world.store.transaction(() => wordedForStatements(() => write(world, requests, input, detail)));
  };
}

function read(world: World, requests: readonly StatementRequest[], detail: CapacityDetail): Members {
  const found = requests.map((request) => {
    const { body } = request.statement;
    if (body.kind !== "select") throw validationError("Only single item select is supported");
    return wordedForStatements(() => selectOne(world, request, body));
  });
  checkApart(found);
  const consumed = found.map(({ table, stored }) => ({
    table,
    consumed: { table: 2 * readUnits(stored?.bytes ?? 0, true), indexes: new Map() },
  }));
  return {
    Responses: found.map(({ shown }) => (shown ? { Item: shown } : {})),
    ...showAllCapacity(detail, () => consumed, "ReadCapacityUnits"),
  };
}

function write(world: World, requests: readonly StatementRequest[], input: Members, detail: CapacityDetail): Members {
  const mutations = requests.map((request) => planWrite(world, request).mutation);
  const replayed = wasDone(world, input);
  const written = replayed ? [] : applyTogether(world, mutations);
  const consumed = () =>
    written.map((each, position) => {
      const table = mutations[position]?.table as Table;
      return { table, consumed: addUnits([writtenUnits(table, each)], 2) };
    });
  return { Responses: [], ...showAllCapacity(detail, consumed, "WriteCapacityUnits") };
}
