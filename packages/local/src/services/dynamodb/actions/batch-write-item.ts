import type { Action, Members, World } from "../../../kernel/service.ts";
import { keyText } from "../items/key.ts";
import { applyMutation, type Mutation } from "../items/mutation.ts";
import { prepareDelete, preparePut } from "../items/prepare.ts";
import { capacityDetail, showAllCapacity, writtenUnits } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { asMap, constraint, optionalMap, refuseOthers, requiredMap } from "../request/members.ts";

/** Most writes of one request (developer guide, "Service quotas"). */
const MOST_WRITES = 25;

/** Puts and deletes many items without conditions; here all of them, or none where one is malformed. */
export function batchWriteItem(world: World): Action {
  return (input) => {
    refuseOthers(input, ["RequestItems", "ReturnConsumedCapacity"]);
    const detail = capacityDetail(input);
    return world.store.transaction(() => {
      const mutations = readMutations(world, requiredMap(input, "RequestItems"));
      const written = mutations.map((mutation) => ({ table: mutation.table, ...applyMutation(world, mutation) }));
      const consumed = () => written.map((each) => ({ table: each.table, consumed: writtenUnits(each.table, each) }));
      return { UnprocessedItems: {}, ...showAllCapacity(detail, consumed) };
    });
  };
}

function readMutations(world: World, raw: Members): readonly Mutation[] {
  const writes = Object.entries(raw).flatMap(([name, list]) => {
    if (Array.isArray(list) && list.length > 0) return list.map((each) => [name, asMap(each, name)] as const);
    throw validationError(`The batch write request list for a table cannot be null or empty: ${name}`);
  });
  if (writes.length === 0) throw constraint("{}", "RequestItems", "Member must have length greater than or equal to 1");
  if (writes.length > MOST_WRITES) throw validationError("Too many items requested for the BatchWriteItem call");
  const mutations = writes.map(([name, write]) => readMutation(world, name, write));
  if (new Set(mutations.map(({ table, key }) => keyText(table, key))).size < mutations.length) {
    throw validationError("Provided list of item keys contains duplicates");
  }
  return mutations;
}

function readMutation(world: World, name: string, write: Members): Mutation {
  refuseOthers(write, ["PutRequest", "DeleteRequest"]);
  const [put, remove] = [optionalMap(write, "PutRequest"), optionalMap(write, "DeleteRequest")];
  if (put && !remove) {
    refuseOthers(put, ["Item"]);
    return preparePut(world, { ...put, TableName: name });
  }
  if (remove && !put) {
    refuseOthers(remove, ["Key"]);
    return prepareDelete(world, { ...remove, TableName: name });
  }
  throw validationError("Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest");
}
