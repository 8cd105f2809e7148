import { benchConsumer } from "./consumer.ts";
import { benchCost } from "./cost.ts";
import { benchDynamodb } from "./dynamodb.ts";
import { benchIngest } from "./ingest.ts";
import { benchLocal } from "./local.ts";
import { benchOrders } from "./orders.ts";
import { benchSqs } from "./sqs.ts";
import { benchStore } from "./store.ts";

/** Each bench takes no input, prints its progress on stderr, and returns one object. */
const BENCHES: Readonly<Record<string, () => Promise<object>>> = {
  consumer: benchConsumer,
  cost: benchCost,
  dynamodb: benchDynamodb,
  ingest: benchIngest,
  local: benchLocal,
  orders: benchOrders,
  sqs: benchSqs,
  store: benchStore,
};

const [name = "", ...flags] = process.argv.slice(2);
const bench = BENCHES[name];
const unknown = flags.find((flag) => flag !== "--json");
if (!bench || unknown) {
  console.error(
    `${unknown ? `There is no option ${unknown}` : `There is no bench ${JSON.stringify(name)}`}. Usage: npm run bench -- <${Object.keys(BENCHES).join("|")}> [--json]`,
  );
  process.exit(2);
}
const result = await bench();
console.log(flags.includes("--json") ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
process.exit(0);
