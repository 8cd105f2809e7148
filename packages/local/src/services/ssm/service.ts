import type { ResourceProvider } from "../../kernel/resource.ts";
import type { Service, World } from "../../kernel/service.ts";
import { parameterActions, removeParameter } from "./actions.ts";
import { SCHEMA } from "./parameter.ts";
import { bringParameter } from "./put-parameter.ts";

/** AWS Systems Manager: its parameter store. */
export function ssmService(world: World): Service {
  world.store.define(SCHEMA);
  return {
    name: "ssm",
    actions: parameterActions(world),
    partly: {
      DescribeParameters: "no filters; keys, tags and policies are not shown",
      GetParameter: "a version can be asked for, not a label",
      GetParameterHistory: "every version in one page, no labels",
      GetParametersByPath: "no filters",
      PutParameter:
        "a SecureString is kept in plain text, and shown so only with decryption; no policies; tags are not shown",
    },
    json: { targetPrefix: "AmazonSSM", version: "1.1", errorNamespace: "com.amazonaws.ssm" },
    resources: { "AWS::SSM::Parameter": parameterProvider(world) },
  };
}

/** `AWS::SSM::Parameter`. */
function parameterProvider(world: World): ResourceProvider {
  return {
    supported: ["AllowedPattern", "DataType", "Description", "Name", "Tier", "Type", "Value"],
    kept: { Tags: "tags of parameters are not shown" },
    put: async ({ properties, name: physicalName }) => {
      const name = String(properties["Name"] ?? physicalName);
      const { type, value } = await bringParameter(world, properties, name);
      return { ref: name, attributes: { Type: type, Value: value } };
    },
    remove: async ({ ref }) => {
      await removeParameter(world, ref);
    },
  };
}
