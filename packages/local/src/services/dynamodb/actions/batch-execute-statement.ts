import type { Action, World } from "../../../kernel/service.ts";
import { runBatch } from "../partiql/batch.ts";
import { capacityDetail, showAllCapacity } from "../request/capacity.ts";
import { asMap, constraint, refuseOthers, requiredList } from "../request/members.ts";

const STATEMENT_MEMBERS = ["Statement", "Parameters", "ConsistentRead", "ReturnValuesOnConditionCheckFailure"];

/** Most statements of one batch (API reference, BatchExecuteStatement). */
const MOST_STATEMENTS = 25;

/** Carries out up to 25 PartiQL statements, each with its own condition and its own outcome. */
export function batchExecuteStatement(world: World): Action {
  return (input) => {
    refuseOthers(input, ["Statements", "ReturnConsumedCapacity"]);
    const detail = capacityDetail(input);
    const statements = requiredList(input, "Statements").map((each) => asMap(each, "Statement"));
    if (statements.length === 0 || statements.length > MOST_STATEMENTS) {
      const bound = statements.length === 0 ? "greater than or equal to 1" : `less than or equal to ${MOST_STATEMENTS}`;
      throw constraint(`[${statements.length} statements]`, "Statements", `Member must have length ${bound}`);
    }
    for (const each of statements) refuseOthers(each, STATEMENT_MEMBERS);
    return world.store.transaction(() => {
      const outcomes = runBatch(world, statements);
      const consumed = () => outcomes.flatMap((each) => each.consumed?.() ?? []);
      return { Responses: outcomes.map((each) => each.response), ...showAllCapacity(detail, consumed) };
    });
  };
}
