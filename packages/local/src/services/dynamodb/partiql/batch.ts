import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { keyText } from "../items/key.ts";
import { applyMutation } from "../items/mutation.ts";
import { type Consumed, readUnits, writtenUnits } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { flag } from "../request/members.ts";
import type { Table } from "../tables/table.ts";
import { selectOne } from "./read.ts";
import { readParameters, readStatement, type StatementRequest, wordedForStatements } from "./request.ts";
import { planWrite } from "./write.ts";

/** What came of one statement of a batch. */
export interface Outcome {
  readonly response: Members;
  /** What it consumed, for the table that it is about. */
  readonly consumed?: () => { readonly table: Table; readonly consumed: Consumed };
}

/** A statement that can be carried out, or the error that it ends with. */
type Plan = { readonly key: string; readonly run: () => Outcome } | { readonly error: Members };

/** How BatchStatementError words the errors of the other actions. */
const CODES: ReadonlyMap<string, string> = new Map([
  ["ConditionalCheckFailedException", "ConditionalCheckFailed"],
  ["DuplicateItemException", "DuplicateItem"],
  ["ResourceNotFoundException", "ResourceNotFound"],
  ["ValidationException", "ValidationError"],
]);

/**
 * Carries out the statements, each with its own outcome, inside a transaction of the store.
 * @throws ValidationException for a batch that reads and writes, that has two statements for one key, or a malformed parameter
 */
export function runBatch(world: World, inputs: readonly Members[]): readonly Outcome[] {
  for (const input of inputs) readParameters(input);
  const requests = inputs.map((input) => attempt(() => readStatement(input)));
  const kinds = requests.flatMap((each) => ("error" in each ? [] : [each.value.statement.body.kind === "select"]));
  if (kinds.includes(true) && kinds.includes(false)) {
    throw validationError("Read and write requests together in the same batch is not supported.");
  }
  const plans = requests.map((each) => ("error" in each ? each : planOf(world, each.value)));
  const keys = plans.flatMap((each) => ("key" in each ? [each.key] : []));
  if (new Set(keys).size < keys.length) throw validationError("Provided list of item keys contains duplicates");
  return plans.map((plan) => ("error" in plan ? { response: { Error: plan.error } } : plan.run()));
}

function planOf(world: World, request: StatementRequest): Plan {
  const { body } = request.statement;
  const planned = attempt((): Plan => {
    if (body.kind === "exists") throw validationError("EXISTS() is only supported in ExecuteTransaction");
    return body.kind === "select" ? planSelect(world, request) : planMutation(world, request);
  });
  return "error" in planned ? planned : planned.value;
}

function planMutation(world: World, request: StatementRequest): Plan {
  const { mutation, shown } = planWrite(world, request);
  const { table } = mutation;
  return {
    key: keyText(table, mutation.key),
    run: () => {
      const done = attempt(() => applyMutation(world, mutation));
      if ("error" in done) return { response: { TableName: table.name, Error: done.error } };
      const item = shown(done.value);
      return {
        response: { TableName: table.name, ...(item && { Item: item }) },
        consumed: () => ({ table, consumed: writtenUnits(table, done.value) }),
      };
    },
  };
}

function planSelect(world: World, request: StatementRequest): Plan {
  const { body } = request.statement;
  if (body.kind !== "select") throw validationError("Only single item select is supported");
  const { table, key, stored, shown } = selectOne(world, request, body);
  const units = readUnits(stored?.bytes ?? 0, flag(request.input, "ConsistentRead"));
  return {
    key: keyText(table, key),
    run: () => ({
      response: { TableName: table.name, ...(shown && { Item: shown }) },
      consumed: () => ({ table, consumed: { table: units, indexes: new Map() } }),
    }),
  };
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: Members } {
  try {
    return { value: wordedForStatements(work) };
  } catch (error) {
    const code = error instanceof ServiceError ? CODES.get(error.code) : undefined;
    if (!(error instanceof ServiceError) || code === undefined) throw error;
    // A duplicate shows no item, even on request; only a failed condition does.
    const item = code === "ConditionalCheckFailed" ? error.members : {};
    return { error: { Code: code, Message: error.message, ...item } };
  }
}
