import type { ResourceProvider } from "../../../kernel/resource.ts";
import { allMappings, deleteMappingRow, mappingArn } from "../event-sources/mapping.ts";
import { newMapping, putMapping } from "../event-sources/put-mapping.ts";
import { SUPPORTED_MEMBERS } from "../event-sources/sources.ts";
import { requestedName } from "../functions/function-name.ts";
import { requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** `AWS::Lambda::EventSourceMapping`: what the template leaves out goes back to its default. */
export function eventSourceMappingProvider(lambda: Lambda): ResourceProvider {
  const { world, sources } = lambda;
  return {
    supported: ["EventSourceArn", "FunctionName", ...SUPPORTED_MEMBERS],
    kept: { Tags: "tags of a mapping are not shown" },
    put: async ({ properties, name }) => {
      const { Tags, ...input } = properties;
      const wanted = newMapping(requestedName(input), requiredText(input, "EventSourceArn"), name);
      // A resource whose function or source has changed is another mapping, and takes the place of the one it was.
      const replaced = allMappings(world.store).filter(({ owner, uuid }) => owner === name && uuid !== wanted.uuid);
      await putMapping(lambda, input, wanted, () => {
        for (const { uuid } of replaced) deleteMappingRow(world.store, uuid);
      });
      for (const { uuid } of replaced) sources.remove(uuid);
      return {
        ref: wanted.uuid,
        attributes: { Id: wanted.uuid, EventSourceMappingArn: mappingArn(world, wanted.uuid) },
      };
    },
    remove: async ({ ref }) => {
      await world.store.transaction(() => deleteMappingRow(world.store, ref));
      sources.remove(ref);
    },
  };
}
