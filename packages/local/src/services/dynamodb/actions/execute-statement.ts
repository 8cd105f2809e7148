import type { Action, Members, World } from "../../../kernel/service.ts";
import { applyMutation } from "../items/mutation.ts";
import { selectPage } from "../partiql/read.ts";
import { readStatement, type StatementRequest, wordedForStatements } from "../partiql/request.ts";
import type { SelectBody } from "../partiql/statement.ts";
import { planWrite } from "../partiql/write.ts";
import { capacityDetail, pageUnits, showCapacity, writtenUnits } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { flag, optionalInteger, optionalText, refuseOthers } from "../request/members.ts";
import type { Item } from "../values/attribute-value.ts";
import { parseItem } from "../values/validate.ts";

const MEMBERS = [
  "Statement",
  "Parameters",
  "ConsistentRead",
  "NextToken",
  "ReturnConsumedCapacity",
  "Limit",
  "ReturnValuesOnConditionCheckFailure",
];

/** Carries out one PartiQL statement. */
export function executeStatement(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const limit = optionalInteger(input, "Limit", 1);
    const request = readStatement(input);
    const { body } = request.statement;
    if (body.kind === "exists") throw validationError("EXISTS() is only supported in ExecuteTransaction");
    return body.kind === "select" ? select(world, request, body, limit) : write(world, request);
  };
}

function select(world: World, request: StatementRequest, body: SelectBody, limit: number | undefined): Members {
  const { input } = request;
  const startKey = readToken(optionalText(input, "NextToken"));
  const { table, index, page, items } = wordedForStatements(() =>
    selectPage(world, request, body, { limit, startKey }),
  );
  return {
    Items: items,
    ...(page.lastKey && { NextToken: writeToken(page.lastKey) }),
    ...showCapacity(capacityDetail(input), table, pageUnits(index, page, flag(input, "ConsistentRead"))),
  };
}

function write(world: World, request: StatementRequest): Promise<Members> {
  const detail = capacityDetail(request.input);
  return world.store.transaction(() =>
    wordedForStatements(() => {
      const { mutation, shown } = planWrite(world, request);
      const written = applyMutation(world, mutation);
      const item = shown(written);
      return {
        Items: item ? [item] : [],
        ...(detail !== "NONE" && showCapacity(detail, mutation.table, writtenUnits(mutation.table, written))),
      };
    }),
  );
}

function writeToken(key: Item): string {
  return Buffer.from(JSON.stringify(key)).toString("base64");
}

function readToken(token: string | undefined): Item | undefined {
  if (token === undefined) return undefined;
  try {
    return parseItem(JSON.parse(Buffer.from(token, "base64").toString("utf8")));
  } catch {
    throw validationError("NextToken does not match request");
  }
}
