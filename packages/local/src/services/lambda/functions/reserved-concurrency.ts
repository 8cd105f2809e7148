import type { World } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { allFunctions, existingFunction, writeFunction } from "./function-table.ts";

/** The account's concurrency that can be reserved: all but 100 of 1,000 (developer guide, reserved concurrency). */
const MOST_RESERVED = 900;

/** Sets or removes what a function has reserved, in a transaction of the caller's. @throws ResourceNotFoundException; InvalidParameterValueException */
export function reserveConcurrency(world: World, name: string, reservedConcurrency: number | undefined): void {
  const record = existingFunction(world, name);
  checkReservation(world, name, reservedConcurrency);
  writeFunction(world.store, { ...record, reservedConcurrency });
}

/** @throws InvalidParameterValueException where too little would be left for the other functions */
export function checkReservation({ store }: World, name: string, reservedConcurrency: number | undefined): void {
  const others = allFunctions(store).filter((each) => each.name !== name);
  const reserved = others.reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
  if (reserved + (reservedConcurrency ?? 0) > MOST_RESERVED) {
    throw invalidParameter(
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    );
  }
}
