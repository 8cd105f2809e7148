import type { Action, Members, World } from "../../../kernel/service.ts";
import type { Mutation } from "../items/mutation.ts";
import { CONDITION_MEMBERS, prepareCheck, prepareDelete, preparePut, prepareUpdate } from "../items/prepare.ts";
import { wasDone } from "../items/request-token.ts";
import { applyTogether, checkCount } from "../items/transaction.ts";
import { addUnits, type Consumed, capacityDetail, showAllCapacity, writtenUnits } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { asMap, constraint, refuseOthers, requiredList } from "../request/members.ts";

interface Part {
  readonly members: readonly string[];
  readonly prepare: (world: World, input: Members) => Mutation;
}

const PARTS: Readonly<Record<string, Part>> = {
  ConditionCheck: { members: [...CONDITION_MEMBERS, "Key"], prepare: prepareNeededCheck },
  Put: { members: [...CONDITION_MEMBERS, "Item"], prepare: preparePut },
  Delete: { members: [...CONDITION_MEMBERS, "Key"], prepare: prepareDelete },
  Update: { members: [...CONDITION_MEMBERS, "Key", "UpdateExpression"], prepare: prepareUpdate },
};

/** What a write costs that was done before. */
const READ_AGAIN: Consumed = { table: 2, indexes: new Map() };

/** Writes up to 100 items, all or none; the same client request token twice within 10 minutes writes once. */
export function transactWriteItems(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TransactItems", "ClientRequestToken", "ReturnConsumedCapacity"]);
    const detail = capacityDetail(input);
    const items = requiredList(input, "TransactItems");
    checkCount("TransactItems", items);
    return world.store.transaction(() => {
      const mutations = items.map((each) => prepare(world, asMap(each, "TransactItem")));
      const replayed = wasDone(world, input);
      const written = replayed ? [] : applyTogether(world, mutations);
      const consumed = () =>
        mutations.map(({ table }, position) => {
          const each = written[position];
          return { table, consumed: each ? addUnits([writtenUnits(table, each)], 2) : READ_AGAIN };
        });
      return showAllCapacity(detail, consumed, replayed ? "ReadCapacityUnits" : "WriteCapacityUnits");
    });
  };
}

function prepare(world: World, item: Members): Mutation {
  refuseOthers(item, Object.keys(PARTS));
  const [kind, another] = Object.keys(item).filter((name) => item[name] !== undefined && item[name] !== null);
  const part = kind === undefined ? undefined : PARTS[kind];
  if (kind === undefined || !part || another !== undefined) {
    throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const members = asMap(item[kind], kind);
  refuseOthers(members, part.members);
  return part.prepare(world, members);
}

function prepareNeededCheck(world: World, input: Members): Mutation {
  const check = prepareCheck(world, input);
  if (check.condition) return check;
  throw constraint(null, "TransactItems.member.conditionCheck.conditionExpression", "Member must not be null");
}
