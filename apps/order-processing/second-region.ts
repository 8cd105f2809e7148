import { parseArgs } from "node:util";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ReliqError } from "@reliq/core";
import type { Replicated } from "./configuration.ts";
import { named } from "./names.ts";

const { values } = parseArgs({
  options: { "field-key": { type: "string" }, region: { type: "string" }, endpoint: { type: "string" } },
});
const { "field-key": fieldKey, region, endpoint } = values;
if (fieldKey === undefined || region === undefined) {
  console.error(
    "Usage: node second-region.ts --field-key <the output FieldKeyArn of the first region> --region <the second> [--endpoint URL]",
  );
  process.exit(2);
}
const client = new DynamoDBClient({ region, ...(endpoint !== undefined && { endpoint }) });
const replicated: Replicated = {
  fieldKey,
  streams: {
    orders: await streamOf("orders"),
    reservations: await streamOf("reservations"),
    stock: await streamOf("stock"),
  },
};
console.log(JSON.stringify(replicated));

async function streamOf(table: string): Promise<string> {
  const TableName = named(table);
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  if (Table?.LatestStreamArn !== undefined) return Table.LatestStreamArn;
  throw new ReliqError("no-stream", `The table ${TableName} in ${region} has no stream: it is no replica.`);
}
