import type { Service, World } from "../../kernel/service.ts";
import { batchExecuteStatement } from "./actions/batch-execute-statement.ts";
import { batchGetItem } from "./actions/batch-get-item.ts";
import { batchWriteItem } from "./actions/batch-write-item.ts";
import { describeContinuousBackups, updateContinuousBackups } from "./actions/continuous-backups.ts";
import { createTable } from "./actions/create-table.ts";
import { deleteItem } from "./actions/delete-item.ts";
import { deleteTable } from "./actions/delete-table.ts";
import { describeTable } from "./actions/describe-table.ts";
import { executeStatement } from "./actions/execute-statement.ts";
import { executeTransaction } from "./actions/execute-transaction.ts";
import { getItem } from "./actions/get-item.ts";
import { listTables } from "./actions/list-tables.ts";
import { putItem } from "./actions/put-item.ts";
import { query } from "./actions/query.ts";
import { scan } from "./actions/scan.ts";
import { listTagsOfResource, tagResource, untagResource } from "./actions/tags.ts";
import { describeTimeToLive, updateTimeToLive } from "./actions/time-to-live.ts";
import { transactGetItems } from "./actions/transact-get-items.ts";
import { transactWriteItems } from "./actions/transact-write-items.ts";
import { updateItem } from "./actions/update-item.ts";
import { updateTable } from "./actions/update-table.ts";
import { expirySweep } from "./expiry.ts";
import { globalTableProvider } from "./global-table.ts";
import { replicate } from "./replicas/replicate.ts";
import { replicaSender } from "./replicas/sender.ts";
import { tableProvider } from "./resources.ts";
import { SCHEMA } from "./schema.ts";

const NO_LEGACY = "no legacy parameters (expressions replace them)";
const NO_COLLECTION_METRICS = "no `ReturnItemCollectionMetrics`";
const SETTINGS_KEPT =
  "capacity is not limited; encryption, table class, resource policy and warm throughput are kept and shown, without effect";

/** DynamoDB: tables and their secondary indexes, kept in the region's state. */
export function dynamodbService(world: World): Service {
  world.store.define(SCHEMA);
  const sweep = expirySweep(world);
  const sender = replicaSender(world);
  return {
    name: "dynamodb",
    json: {
      targetPrefix: "DynamoDB_20120810",
      version: "1.0",
      errorNamespace: "com.amazonaws.dynamodb.v20120810",
    },
    actions: {
      BatchExecuteStatement: batchExecuteStatement(world),
      BatchGetItem: batchGetItem(world),
      BatchWriteItem: batchWriteItem(world),
      CreateTable: createTable(world),
      DeleteItem: deleteItem(world),
      DeleteTable: deleteTable(world),
      DescribeContinuousBackups: describeContinuousBackups(world),
      DescribeTable: describeTable(world),
      DescribeTimeToLive: describeTimeToLive(world),
      ExecuteStatement: executeStatement(world),
      ExecuteTransaction: executeTransaction(world),
      GetItem: getItem(world),
      ListTables: listTables(world),
      ListTagsOfResource: listTagsOfResource(world),
      PutItem: putItem(world),
      Query: query(world),
      ReliqReplicate: replicate(world),
      Scan: scan(world),
      TagResource: tagResource(world),
      TransactGetItems: transactGetItems(world),
      TransactWriteItems: transactWriteItems(world),
      UntagResource: untagResource(world),
      UpdateContinuousBackups: updateContinuousBackups(world),
      UpdateItem: updateItem(world),
      UpdateTable: updateTable(world),
      UpdateTimeToLive: updateTimeToLive(world),
    },
    partly: {
      BatchGetItem: NO_LEGACY,
      BatchWriteItem: NO_COLLECTION_METRICS,
      CreateTable: SETTINGS_KEPT,
      DeleteItem: `${NO_LEGACY}, ${NO_COLLECTION_METRICS}`,
      ExecuteStatement: "`SELECT` shows whole attributes, `ORDER BY` takes the range key, and there is no `IS NULL`",
      GetItem: NO_LEGACY,
      PutItem: `${NO_LEGACY}, ${NO_COLLECTION_METRICS}`,
      Query: NO_LEGACY,
      Scan: NO_LEGACY,
      TransactWriteItems: NO_COLLECTION_METRICS,
      UpdateContinuousBackups: "the setting is kept and shown, and nothing can be restored",
      UpdateItem: `${NO_LEGACY}, ${NO_COLLECTION_METRICS}`,
      UpdateTable: `of ReplicaUpdates Create and Delete, with a region's name alone; ${SETTINGS_KEPT}`,
    },
    start: () => {
      sweep.start();
      sender.start();
    },
    stop: async () => {
      await Promise.all([sweep.stop(), sender.stop()]);
    },
    resources: {
      "AWS::DynamoDB::GlobalTable": globalTableProvider(world),
      "AWS::DynamoDB::Table": tableProvider(world),
    },
  };
}
