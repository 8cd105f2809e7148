import type { StackRecord, StackStore } from "../../assembly/stack-store.ts";
import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";

/** CloudFormation's code for any input that it refuses. */
export function validationError(message: string): ServiceError {
  return new ServiceError("ValidationError", message);
}

/** The stack that `StackName` names, by name or id. @throws ValidationError in the words that AWS uses, which tools look for */
export function findStack(records: StackStore, nameOrId: string): StackRecord {
  const stack = records.stack(nameOrId);
  if (stack) return stack;
  throw validationError(`Stack with id ${nameOrId} does not exist`);
}

/** A text member of the input, or undefined where it is missing or empty. */
export function textMember(input: Members, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A time as the Query protocol writes it. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
