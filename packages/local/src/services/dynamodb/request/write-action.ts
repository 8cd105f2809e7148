import type { Action, Members, World } from "../../../kernel/service.ts";
import { applyMutation, type Mutation, type Written } from "../items/mutation.ts";
import { capacityDetail, showCapacity, writtenUnits } from "./capacity.ts";
import { refuseOthers } from "./members.ts";

/** An action that writes one item: `show` reads what it is to return, before anything is written. */
export function writeAction<M extends Mutation>(
  world: World,
  members: readonly string[],
  prepare: (world: World, input: Members) => M,
  show: (input: Members) => (mutation: M, written: Written) => Members,
): Action {
  const known = [...members, "ReturnValues", "ReturnConsumedCapacity"];
  return (input) => {
    refuseOthers(input, known);
    const detail = capacityDetail(input);
    const shown = show(input);
    return world.store.transaction(() => {
      const mutation = prepare(world, input);
      const written = applyMutation(world, mutation);
      const { table } = mutation;
      return {
        ...shown(mutation, written),
        ...(detail !== "NONE" && showCapacity(detail, table, writtenUnits(table, written))),
      };
    });
  };
}
