import { remembered } from "../../../kernel/remembered.ts";
import type { World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { tableNotFound, validationError } from "../request/errors.ts";
import { closeStream, openStream } from "../streams/stream.ts";
import { compileTable, type Table, type TableDefinition } from "./table.ts";

/** Definitions are compiled once for each text: what the state file says is always what is used. */
const compiled: (definition: string) => Table = remembered(1_000, (text) =>
  compileTable(JSON.parse(text) as TableDefinition),
);

/** The table of that name, or undefined. */
export function findTable(world: World, name: string): Table | undefined {
  const row = world.store.statement("SELECT definition FROM dynamodb_table WHERE name = ?").get(name);
  return row && compiled(String(row["definition"]));
}

/** The table of that number in the state file. */
export function tableById(world: World, id: number): Table {
  const row = world.store.statement("SELECT definition FROM dynamodb_table WHERE id = ?").get(id);
  if (!row) throw new Error(`the state file has items of a table that it does not know: ${id}`);
  return compiled(String(row["definition"]));
}

/** The table of that name or ARN. @throws ResourceNotFoundException, worded for actions on tables or on items */
export function needTable(world: World, nameOrArn: string, noun: "Table" | "Resource" = "Resource"): Table {
  const name = tableName(nameOrArn);
  const table = findTable(world, name);
  if (table) return table;
  throw noun === "Table" ? missingTable(name) : tableNotFound();
}

/** The name in a table's ARN; a name is itself. @throws ValidationException for what DynamoDB allows as neither */
export function tableName(nameOrArn: string): string {
  const name = /^arn:aws[\w-]*:dynamodb:[\w-]*:\d{12}:table\/([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
  if (/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return name;
  throw validationError(
    "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
  );
}

/** A new table, with its definition. */
export function addTable(world: World, definition: Omit<TableDefinition, "id">): Table {
  const { store } = world;
  const row = store
    .statement(
      "INSERT INTO dynamodb_sequence VALUES ('table', 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value",
    )
    .get();
  const complete: TableDefinition = { ...definition, id: Number(row?.["value"]) };
  store
    .statement("INSERT INTO dynamodb_table VALUES (?, ?, ?)")
    .run(complete.TableName, complete.id, JSON.stringify(complete));
  store.statement("INSERT INTO dynamodb_size VALUES (?, 0, 0)").run(complete.id);
  openStream(world, complete);
  return compileTable(complete);
}

/** Replaces a table's definition. */
export function saveTable(world: World, definition: TableDefinition): Table {
  const text = JSON.stringify(definition);
  world.store.statement("UPDATE dynamodb_table SET definition = ? WHERE name = ?").run(text, definition.TableName);
  return compiled(text);
}

/** Forgets a table and all that is in it; its stream can still be read. */
export function removeTable(world: World, table: Table): void {
  closeStream(world, table.name);
  world.store.statement("DELETE FROM dynamodb_table WHERE name = ?").run(table.name);
  for (const rows of ["dynamodb_size", "dynamodb_item", "dynamodb_index_entry", "dynamodb_replica_stamp"]) {
    world.store.statement(`DELETE FROM ${rows} WHERE table_id = ?`).run(table.id);
  }
}

/** The names of all tables, in the order of their bytes, after `start`. */
export function tableNames(world: World, start: string, limit: number): string[] {
  return world.store
    .statement("SELECT name FROM dynamodb_table WHERE name > ? ORDER BY name LIMIT ?")
    .all(start, limit)
    .map((row) => String(row["name"]));
}

/** The table's ARN. */
export function tableArn(world: World, name: string): string {
  return `arn:aws:dynamodb:${world.region}:${world.accountId}:table/${name}`;
}

function missingTable(name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
}
