import { parseArgs } from "node:util";
import { benchCli } from "./cli.ts";
import { benchConsole, type ConsoleOptions } from "./console.ts";
import { benchConsumer } from "./consumer.ts";
import { benchCost } from "./cost.ts";
import { benchDynamodb } from "./dynamodb.ts";
import { benchIngest } from "./ingest.ts";
import { benchLoad, type LoadOptions } from "./load.ts";
import { benchLocal } from "./local.ts";
import { benchOrderCost } from "./order-cost.ts";
import { benchOrders } from "./orders.ts";
import { benchRegions } from "./regions.ts";
import { benchSqs } from "./sqs.ts";
import { benchStore } from "./store.ts";

/** Each bench prints its progress on stderr, and returns one object; how long and under what, only the load is told, and of how many failures, only the console. */
const BENCHES: Readonly<Record<string, (options: ConsoleOptions & LoadOptions) => Promise<object>>> = {
  cli: benchCli,
  console: benchConsole,
  consumer: benchConsumer,
  cost: benchCost,
  dynamodb: benchDynamodb,
  ingest: benchIngest,
  load: benchLoad,
  local: benchLocal,
  "order-cost": benchOrderCost,
  orders: benchOrders,
  regions: benchRegions,
  sqs: benchSqs,
  store: benchStore,
};

const USAGE = `npm run bench -- <${Object.keys(BENCHES).join("|")}> [--json] (load: [--seconds 300] [--faults [--rate 100]]; console: [--failures 1000000])`;

const { values, positionals } = readFlags();
const bench = BENCHES[positionals[0] ?? ""];
const isLoad = bench === benchLoad;
if (!bench || positionals.length > 1) refuse(`There is no bench ${JSON.stringify(positionals.join(" "))}`);
if (bench !== benchConsole && values.failures !== undefined) refuse("Only console takes --failures");
if (!isLoad && (values.seconds !== undefined || values.faults)) refuse("Only load takes --seconds and --faults");
const seconds = Number(values.seconds ?? 300);
if (!(Number.isInteger(seconds) && seconds >= 1)) refuse(`--seconds is ${values.seconds}; it takes whole seconds`);
if (values.rate !== undefined && !values.faults) refuse("Only load --faults takes --rate");
const rate = Number(values.rate ?? 100);
if (!(rate > 0)) refuse(`--rate is ${values.rate}; it takes orders a second`);
const failures = Number(values.failures ?? 1_000_000);
if (!(Number.isInteger(failures) && failures >= 1_000)) {
  refuse(`--failures is ${values.failures}; it takes a whole number from 1000 on`);
}
const result = await bench({ seconds, faults: values.faults ?? false, rate, failures });
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
process.exit(0);

function readFlags() {
  const options = {
    json: { type: "boolean" },
    seconds: { type: "string" },
    faults: { type: "boolean" },
    rate: { type: "string" },
    failures: { type: "string" },
  } as const;
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}. Usage: ${USAGE}`);
  process.exit(2);
}
