import type { ResourceProvider } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { withReplicas } from "./replicas/replica-updates.ts";
import { validationError } from "./request/errors.ts";
import { asMap, requiredList, requiredText } from "./request/members.ts";
import { putTable } from "./resources.ts";
import { findTable, removeTable } from "./tables/catalog.ts";
import { changeTable } from "./tables/change.ts";

const SUPPORTED = [
  "TableName",
  "KeySchema",
  "AttributeDefinitions",
  "BillingMode",
  "GlobalSecondaryIndexes",
  "LocalSecondaryIndexes",
  "Replicas",
  "StreamSpecification",
  "TimeToLiveSpecification",
];

const KEPT: Readonly<Record<string, string>> = {
  SSESpecification: "the state file is not encrypted",
  WarmThroughput: "throughput is not limited",
  WriteOnDemandThroughputSettings: "throughput is not limited",
};

/** Settings of a replica that hold in its own region. */
const OF_REPLICA = ["PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "Tags"];

/** `AWS::DynamoDB::GlobalTable`, the CDK's TableV2: a table here, and replicas of it in the regions that this one knows as peers. */
export function globalTableProvider(world: World): ResourceProvider {
  return {
    supported: SUPPORTED,
    kept: KEPT,
    put: ({ properties, name, logicalId }) =>
      world.store.transaction(() => {
        const { Replicas: _, ...shared } = properties;
        const replicas = requiredList(properties, "Replicas").map((each) => asMap(each, "Replica"));
        const regions = replicas.map((each) => requiredText(each, "Region"));
        if (shared["BillingMode"] !== "PAY_PER_REQUEST") {
          throw validationError(`The local region takes BillingMode PAY_PER_REQUEST of a global table (${logicalId}).`);
        }
        const own = replicas.find((each) => each["Region"] === world.region) ?? {};
        const settings = OF_REPLICA.flatMap((key): [string, unknown][] =>
          own[key] === undefined ? [] : [[key, own[key]]],
        );
        const members: Members = { TableName: name, ...shared, ...Object.fromEntries(settings) };
        const put = putTable(world, logicalId, members, (wanted) => withReplicas(world, wanted, regions));
        const TableId = findTable(world, put.ref)?.definition.TableId ?? "";
        return { ...put, attributes: { ...put.attributes, TableId } };
      }),
    remove: ({ ref }) =>
      world.store.transaction(() => {
        const table = findTable(world, ref);
        if (!table) return;
        // Its replicas go with it, as a stack's table does.
        removeTable(world, changeTable(world, table, { ...table.definition, replicas: undefined }));
      }),
  };
}
