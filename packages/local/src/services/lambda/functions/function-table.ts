import { remembered } from "../../../kernel/remembered.ts";
import type { World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { notFound } from "../errors.ts";
import { type FunctionRecord, functionArn } from "./function-record.ts";

/** Each invocation looks its function up: a record is read once for each text. */
const recordOf: (text: string) => FunctionRecord = remembered(1_000, (text) => JSON.parse(text) as FunctionRecord);

export function findFunction(store: Store, name: string): FunctionRecord | undefined {
  const row = store.statement("SELECT record FROM lambda_function WHERE name = ?").get(name);
  return row && recordOf(String(row["record"]));
}

/** @throws ResourceNotFoundException */
export function existingFunction(world: World, name: string): FunctionRecord {
  const record = findFunction(world.store, name);
  if (!record) throw notFound(`Function not found: ${functionArn(world, name)}`);
  return record;
}

/** Every function, by name. */
export function allFunctions(store: Store): FunctionRecord[] {
  const rows = store.statement("SELECT record FROM lambda_function ORDER BY name").all();
  return rows.map((row) => JSON.parse(String(row["record"])));
}

/** Writes a function, in a transaction of the caller's. */
export function writeFunction(store: Store, record: FunctionRecord): void {
  store
    .statement(
      "INSERT INTO lambda_function (name, record) VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record",
    )
    .run(record.name, JSON.stringify(record));
}

/** Removes a function and what hangs on it, in a transaction of the caller's. */
export function deleteFunctionRow(store: Store, name: string): void {
  store.statement("DELETE FROM lambda_function WHERE name = ?").run(name);
  store.statement("DELETE FROM lambda_invoke_config WHERE functionName = ?").run(name);
  store.statement("DELETE FROM lambda_event WHERE functionName = ?").run(name);
}
