import type { Action, Members } from "../../../kernel/service.ts";
import { allMappings, type Mapping, shownMapping } from "../event-sources/mapping.ts";
import { requestedName } from "../functions/function-name.ts";
import { optionalText } from "../input.ts";
import type { Lambda } from "../lambda.ts";
import { readPage } from "../paging.ts";

/** The most mappings of one page (ListEventSourceMappings). */
const LARGEST_PAGE = 100;

/** ListEventSourceMappings, of a function, of a source, or all. */
export function listEventSourceMappings({ world, sources }: Lambda): Action {
  return (input) => {
    const page = readPage(input, wanted(allMappings(world.store), input), (mapping) => mapping.uuid, LARGEST_PAGE);
    return {
      EventSourceMappings: page.items.map((mapping) => shownMapping(world, mapping, sources.lastResult(mapping.uuid))),
      ...page.next,
    };
  };
}

function wanted(mappings: readonly Mapping[], input: Members): readonly Mapping[] {
  const functionName = input["FunctionName"] === undefined ? undefined : requestedName(input);
  const sourceArn = optionalText(input, "EventSourceArn");
  return mappings.filter(
    (mapping) =>
      (functionName === undefined || mapping.functionName === functionName) &&
      (sourceArn === undefined || mapping.sourceArn === sourceArn),
  );
}
