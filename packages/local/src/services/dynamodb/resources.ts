import type { Resource, ResourceProvider, ResourceRequest } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { findTable, tableArn } from "./tables/catalog.ts";

const SUPPORTED = [
  "TableName",
  "KeySchema",
  "AttributeDefinitions",
  "BillingMode",
  "ProvisionedThroughput",
  "GlobalSecondaryIndexes",
  "LocalSecondaryIndexes",
  "StreamSpecification",
  "DeletionProtectionEnabled",
  "Tags",
];

/** Creates tables from templates. */
export function tableProvider(world: World): ResourceProvider {
  return {
    supported: SUPPORTED,
    put: async (request) => {
      const name = String(request.properties["TableName"] ?? request.name);
      if (!findTable(world, name)) await create(world, name, request);
      return describe(world, name);
    },
    remove: async ({ ref }) => {
      if (findTable(world, ref)) await world.call("dynamodb", "DeleteTable", { TableName: ref });
    },
  };
}

async function create(world: World, name: string, { properties }: ResourceRequest): Promise<void> {
  const { StreamSpecification: stream, ...rest } = properties;
  await world.call("dynamodb", "CreateTable", {
    ...rest,
    TableName: name,
    // A template names the view type only: its presence enables the stream.
    ...(stream !== undefined && { StreamSpecification: { ...(stream as Members), StreamEnabled: true } }),
  });
}

function describe(world: World, name: string): Resource {
  const table = findTable(world, name);
  const arn = tableArn(world, name);
  const label = table?.definition.stream?.label;
  return { ref: name, attributes: { Arn: arn, ...(label !== undefined && { StreamArn: `${arn}/stream/${label}` }) } };
}
