import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Region, startRegion } from "../../region.ts";
import { type DynamodbLocal, startDynamodbLocal } from "./testing/dynamodb-local.ts";
import { send, sendAll } from "./testing/endpoint.ts";
import { outcomesOf } from "./testing/outcome.ts";
import { randomOf } from "./testing/random.ts";
import { anyRequest, type Request, tableRequests } from "./testing/random-requests.ts";
import { anyStatements } from "./testing/random-statements.ts";
import { streamHistory } from "./testing/stream-history.ts";

/** More of them, or others: RELIQ_SEEDS=17,18,19 RELIQ_REQUESTS=1000. */
const SEEDS: readonly number[] = (process.env["RELIQ_SEEDS"] ?? "1,2,3").split(",").map(Number);
const REQUESTS: number = Number(process.env["RELIQ_REQUESTS"] ?? 120);

const started = await startDynamodbLocal();
const why: string = "missing" in started ? ` (skipped: ${started.missing})` : "";

describe.skipIf("missing" in started)(`against AWS's DynamoDB Local${why}`, () => {
  const local = started as DynamodbLocal;
  const directory = mkdtempSync(join(tmpdir(), "reliq-dynamodb-"));
  let region: Region;

  beforeAll(async () => {
    region = await startRegion({ stateDirectory: directory, port: 0 });
  });

  afterAll(async () => {
    await region.stop();
    local.stop();
    rmSync(directory, { recursive: true });
  });

  for (const seed of SEEDS) {
    test(`${REQUESTS} random requests have the same outcomes, seed ${seed}`, {
      timeout: 60_000 + REQUESTS * 100,
    }, async () => {
      const random = randomOf(seed);
      for (const request of tableRequests()) {
        for (const endpoint of [local.endpoint, region.endpoint]) {
          await send(endpoint, { action: "DeleteTable", input: { TableName: request.input["TableName"] } });
          expect(await send(endpoint, request)).toMatchObject({ status: 200 });
        }
      }
      for (let number = 0; number < REQUESTS; number++) {
        const request = random.oneIn(5) ? anyStatements(random) : anyRequest(random);
        const [theirs, ours] = await bothOutcomes(request);
        expect(ours, `request ${number}: ${JSON.stringify(request)}`).toEqual(theirs);
      }
      for (const { input } of tableRequests()) {
        const table = String(input["TableName"]);
        expect(await streamHistory(region.endpoint, table)).toEqual(await streamHistory(local.endpoint, table));
      }
    });
  }

  async function bothOutcomes(request: Request): Promise<readonly [unknown, unknown]> {
    const ask = request.action === "Query" || request.action === "Scan" ? sendAll : send;
    const [theirs, ours] = await Promise.all([ask(local.endpoint, request), ask(region.endpoint, request)]);
    return outcomesOf(request, theirs, ours);
  }
});
