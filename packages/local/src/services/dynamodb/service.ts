import type { Service, World } from "../../kernel/service.ts";
import { createTable } from "./actions/create-table.ts";
import { deleteItem } from "./actions/delete-item.ts";
import { deleteTable } from "./actions/delete-table.ts";
import { describeTable } from "./actions/describe-table.ts";
import { getItem } from "./actions/get-item.ts";
import { listTables } from "./actions/list-tables.ts";
import { putItem } from "./actions/put-item.ts";
import { query } from "./actions/query.ts";
import { updateItem } from "./actions/update-item.ts";
import { tableProvider } from "./resources.ts";
import { SCHEMA } from "./schema.ts";

/** DynamoDB: tables and their secondary indexes, kept in the region's state. */
export function dynamodbService(world: World): Service {
  world.store.define(SCHEMA);
  return {
    name: "dynamodb",
    json: {
      targetPrefix: "DynamoDB_20120810",
      version: "1.0",
      errorNamespace: "com.amazonaws.dynamodb.v20120810",
    },
    actions: {
      CreateTable: createTable(world),
      DeleteItem: deleteItem(world),
      DeleteTable: deleteTable(world),
      DescribeTable: describeTable(world),
      GetItem: getItem(world),
      ListTables: listTables(world),
      PutItem: putItem(world),
      Query: query(world),
      UpdateItem: updateItem(world),
    },
    resources: { "AWS::DynamoDB::Table": tableProvider(world) },
  };
}
