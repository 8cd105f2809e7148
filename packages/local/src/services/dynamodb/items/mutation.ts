import type { World } from "../../../kernel/service.ts";
import type { ServiceError } from "../../../kernel/service-error.ts";
import type { Condition } from "../expressions/condition.ts";
import type { Table } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import type { EncodedKey } from "./key.ts";
import { readItem, type StoredItem } from "./stored-item.ts";
import { writeItem } from "./write.ts";

/** One conditional write of one item: what PutItem, UpdateItem, DeleteItem, a transaction's part and a PartiQL statement come to. */
export interface Mutation {
  readonly table: Table;
  readonly key: EncodedKey;
  readonly condition: Condition | undefined;
  /** The error where the condition does not hold. */
  readonly refusal: (item: Item | undefined) => ServiceError;
  /** What must hold before the condition is looked at. @throws ValidationException */
  readonly precheck?: () => void;
  /** What the item becomes; undefined: it goes. */
  readonly after: (before: Item | undefined) => Item | undefined;
}

/** An item before and after a write. */
export interface Written {
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}

/** Carries out a conditional write, inside a transaction. @throws ConditionalCheckFailedException, ValidationException */
export function applyMutation(world: World, mutation: Mutation): Written {
  const { table, key } = mutation;
  mutation.precheck?.();
  const before = readItem(world, table, key);
  checkCondition(mutation, before?.item);
  const after = mutation.after(before?.item);
  if (after === before?.item) return { before, after: before };
  return { before, after: writeItem(world, { table, key, before, after }) };
}

/** @throws ConditionalCheckFailedException */
function checkCondition({ condition, refusal }: Pick<Mutation, "condition" | "refusal">, item: Item | undefined): void {
  if (!condition || condition(item ?? {})) return;
  throw refusal(item);
}
