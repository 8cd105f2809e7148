import type { Members } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { emptyScope, type Scope } from "../expressions/scope.ts";
import { validationError } from "../request/errors.ts";
import { constraint, optionalList, requiredText } from "../request/members.ts";
import type { Table } from "../tables/table.ts";
import type { AttributeValue } from "../values/attribute-value.ts";
import { parseValue } from "../values/validate.ts";
import { parseStatement } from "./parse-statement.ts";
import type { Statement } from "./statement.ts";

/** The longest statement (API reference, ExecuteStatement). */
const LONGEST_STATEMENT = 8192;

/** A statement with its parameters, as one request or one part of a batch brings it. */
export interface StatementRequest {
  readonly statement: Statement;
  readonly parameters: readonly AttributeValue[];
  readonly input: Members;
}

/** Reads Statement and Parameters. @throws ValidationException */
export function readStatement(input: Members): StatementRequest {
  const text = requiredText(input, "Statement");
  if (text.length > LONGEST_STATEMENT) {
    throw constraint(
      `${text.slice(0, 20)}…`,
      "Statement",
      `Member must have length less than or equal to ${LONGEST_STATEMENT}`,
    );
  }
  const statement = parseStatement(text);
  const parameters = readParameters(input);
  if (parameters.length !== statement.parameters) {
    throw validationError("Number of parameters in request and statement don't match.");
  }
  return { statement, parameters, input };
}

/** Reads Parameters. @throws ValidationException for a value that no attribute can have */
export function readParameters(input: Members): readonly AttributeValue[] {
  return (optionalList(input, "Parameters") ?? []).map((each) => parseValue(each));
}

/** The scope in which a statement's tree is bound. */
export function statementScope({ statement, parameters }: StatementRequest, table: Table): Scope {
  const values = [...statement.values].map(([name, template]) => [name, template(parameters)] as const);
  return { ...emptyScope(table), names: statement.names, values: new Map(values), reserved: NONE };
}

/** Runs `work` and words its errors for statements, which have no expression to name. */
export function wordedForStatements<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "ValidationException") throw error;
    throw validationError(error.message.replace(/^Invalid (?:Condition|Update)Expression: /, ""));
  }
}

const NONE: ReadonlySet<string> = new Set();
