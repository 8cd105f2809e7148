import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { logTogether } from "../replicas/change-log.ts";
import { validationError } from "../request/errors.ts";
import { constraint } from "../request/members.ts";
import type { Table } from "../tables/table.ts";
import { type EncodedKey, keyText } from "./key.ts";
import { applyMutation, type Mutation, type Written } from "./mutation.ts";

/** Most items of one transaction (developer guide, "Service quotas: Transactions"). */
const MOST_ITEMS = 100;

/** Most bytes that one transaction writes or reads. */
const MOST_BYTES = 4 * 1024 * 1024;

/** @throws ValidationException for too few or too many parts */
export function checkCount(member: string, parts: readonly unknown[]): void {
  if (parts.length === 0) throw constraint("[]", member, "Member must have length greater than or equal to 1");
  if (parts.length > MOST_ITEMS) {
    throw constraint(`[${parts.length} items]`, member, `Member must have length less than or equal to ${MOST_ITEMS}`);
  }
}

/** @throws ValidationException where two parts are about one item */
export function checkApart(parts: readonly { readonly table: Table; readonly key: EncodedKey }[]): void {
  if (new Set(parts.map(({ table, key }) => keyText(table, key))).size === parts.length) return;
  throw validationError("Transaction request cannot include multiple operations on one item");
}

/**
 * Carries out all writes or none, inside a transaction of the store.
 * @throws TransactionCanceledException with one reason for each write
 */
export function applyTogether(world: World, mutations: readonly Mutation[]): readonly Written[] {
  checkApart(mutations);
  return logTogether(world, () => applyAll(world, mutations));
}

function applyAll(world: World, mutations: readonly Mutation[]): readonly Written[] {
  const reasons: Members[] = [];
  const written: Written[] = [];
  for (const mutation of mutations) {
    try {
      written.push(applyMutation(world, mutation));
      reasons.push({ Code: "None" });
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  if (written.length < mutations.length) throw cancelled(reasons);
  const bytes = written.reduce((sum, each) => sum + (each.after?.bytes ?? 0), 0);
  if (bytes > MOST_BYTES) {
    throw validationError(
      "Transaction size has exceeded the maximum allowed size: the items together have more than 4 MB",
    );
  }
  return written;
}

/** The error that says, for each part, why the transaction was cancelled. */
function cancelled(reasons: readonly Members[]): ServiceError {
  const codes = reasons.map((each) => each["Code"]).join(", ");
  return new ServiceError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

function reasonOf(error: unknown): Members {
  if (!(error instanceof ServiceError)) throw error;
  if (error.code === "ConditionalCheckFailedException") {
    return { Code: "ConditionalCheckFailed", Message: error.message, ...error.members };
  }
  if (error.code === "DuplicateItemException") return { Code: "DuplicateItem", Message: error.message };
  if (error.code === "ValidationException") return { Code: "ValidationError", Message: error.message };
  throw error;
}
