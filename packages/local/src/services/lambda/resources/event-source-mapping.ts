import type { ResourceProvider } from "../../../kernel/resource.ts";
import { deleteMappingRow, mappingArn } from "../event-sources/mapping.ts";
import { newMapping, putMapping } from "../event-sources/put-mapping.ts";
import { sourceKind } from "../event-sources/sources.ts";
import { requestedName } from "../functions/function-name.ts";
import { requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** `AWS::Lambda::EventSourceMapping`: what the template leaves out goes back to its default. */
export function eventSourceMappingProvider(lambda: Lambda): ResourceProvider {
  const { world, sources } = lambda;
  return {
    supported: ["EventSourceArn", "FunctionName", ...sourceKind("arn:aws:sqs:").supported],
    kept: { Tags: "tags of a mapping are not shown" },
    put: async ({ properties }) => {
      const { Tags, ...input } = properties;
      const before = newMapping(requestedName(input), requiredText(input, "EventSourceArn"));
      await putMapping(lambda, input, before, () => {});
      return {
        ref: before.uuid,
        attributes: { Id: before.uuid, EventSourceMappingArn: mappingArn(world, before.uuid) },
      };
    },
    remove: async ({ ref }) => {
      await world.store.transaction(() => deleteMappingRow(world.store, ref));
      sources.remove(ref);
    },
  };
}
