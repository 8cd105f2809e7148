import type { Members } from "../../../kernel/service.ts";
import { existingFunction } from "../functions/function-table.ts";
import { refuseOthers } from "../input.ts";
import type { Lambda } from "../lambda.ts";
import { type Mapping, mappingUuid, writeMapping } from "./mapping.ts";
import { sourceKind } from "./sources.ts";

/** The members that every mapping has, beside those of its kind. */
const MAPPING_MEMBERS: readonly string[] = ["EventSourceArn", "FunctionName", "UUID"];

/** A mapping with the defaults of the API. @throws InvalidParameterValueException for a source that the local region does not poll */
export function newMapping(functionName: string, sourceArn: string, owner?: string): Mapping {
  return {
    uuid: mappingUuid(functionName, sourceArn),
    functionName,
    sourceArn,
    enabled: true,
    batchSize: sourceKind(sourceArn).batchSize,
    windowSeconds: 0,
    reportsFailures: false,
    maximumConcurrency: undefined,
    modifiedMs: 0,
    owner,
  };
}

/**
 * Brings a mapping to what the input says, checks it, keeps it and puts it to work; called twice, there is one.
 * @throws InvalidParameterValueException, ValidationException, ResourceNotFoundException; what `beforeWriting` throws
 */
export async function putMapping(
  { world, sources }: Lambda,
  input: Members,
  before: Mapping,
  beforeWriting: () => void,
): Promise<Mapping> {
  const kind = sourceKind(before.sourceArn);
  refuseOthers(input, [...MAPPING_MEMBERS, ...kind.supported], "an event source mapping");
  const mapping = { ...kind.read(input, before), modifiedMs: world.clock.now() };
  await kind.check(world, mapping, existingFunction(world, mapping.functionName));
  await world.store.transaction(() => {
    beforeWriting();
    writeMapping(world.store, mapping);
  });
  sources.apply(mapping);
  return mapping;
}
