import type { Members } from "../../../kernel/service.ts";
import { bindProjection, project } from "../expressions/projection.ts";
import type { Path, Scope } from "../expressions/scope.ts";
import type { Page } from "../items/page.ts";
import type { Index } from "../tables/table.ts";
import { validationError } from "./errors.ts";
import { optionalChoice, optionalText } from "./members.ts";

const SELECTS = ["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "COUNT", "SPECIFIC_ATTRIBUTES"] as const;

/** What a query or a scan shows of the items that it finds. */
export interface Selection {
  readonly countOnly: boolean;
  readonly paths: readonly Path[] | undefined;
  /** Whether a local index's items are completed from the table. */
  readonly fetch: boolean;
}

/** Reads Select and ProjectionExpression. @throws ValidationException as DynamoDB words it */
export function readSelection(input: Members, scope: Scope, index: Index | undefined): Selection {
  const select = optionalChoice(input, "Select", SELECTS);
  const text = optionalText(input, "ProjectionExpression");
  const paths = text === undefined ? undefined : bindProjection(scope, text);
  checkSelect(select, paths, index);
  const lacking = paths?.filter(([name]) => index?.projected && !index.projected.has(String(name))) ?? [];
  if (index?.global && lacking.length > 0) {
    throw validationError(
      `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${lacking.map(([name]) => name).join(", ")}]`,
    );
  }
  const fetch = index?.projected !== undefined && (select === "ALL_ATTRIBUTES" || lacking.length > 0);
  return { countOnly: select === "COUNT", paths, fetch };
}

/** The members of an answer that show a page. */
export function showPage({ countOnly, paths }: Selection, page: Page): Members {
  return {
    ...(!countOnly && { Items: paths ? page.items.map((item) => project(item, paths)) : page.items }),
    Count: page.items.length,
    ScannedCount: page.scanned,
    ...(page.lastKey && { LastEvaluatedKey: page.lastKey }),
  };
}

function checkSelect(
  select: (typeof SELECTS)[number] | undefined,
  paths: readonly Path[] | undefined,
  index: Index | undefined,
): void {
  if (select === "ALL_PROJECTED_ATTRIBUTES" && !index) {
    throw validationError("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select === "SPECIFIC_ATTRIBUTES" && !paths) {
    throw validationError(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (paths && select !== undefined && select !== "SPECIFIC_ATTRIBUTES") {
    const what = select === "COUNT" ? "only the Count" : select;
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${what}`);
  }
  if (select === "ALL_ATTRIBUTES" && index?.global && index.projected) {
    throw validationError(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
}
