import type { Action } from "../../../kernel/service.ts";
import { functionConfiguration } from "../functions/function-record.ts";
import { allFunctions } from "../functions/function-table.ts";
import type { Lambda } from "../lambda.ts";
import { readPage } from "../paging.ts";

/** The most functions of one page (ListFunctions). */
const LARGEST_PAGE = 50;

/** ListFunctions, by name. */
export function listFunctions({ world }: Lambda): Action {
  return (input) => {
    const page = readPage(input, allFunctions(world.store), (record) => record.name, LARGEST_PAGE);
    return { Functions: page.items.map((record) => functionConfiguration(world, record)), ...page.next };
  };
}
