import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dynamodbFailureStore } from "@reliq/aws";
import { startRegion } from "@reliq/local";
import { expect, test } from "vitest";
import { copyFailures } from "./store-copies.ts";
import { clientOf, fillState, TABLE } from "./store-fill.ts";
import { BATCH, capturedAtMs } from "./store-history.ts";

const SIZE = 2 * BATCH;

test("a history that was multiplied is read as if each failure of it had been written", async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), "reliq-copies-"));
  await fillState(stateDirectory, SIZE);
  copyFailures(stateDirectory, TABLE, 12);
  const region = await startRegion({ stateDirectory, port: 0 });
  try {
    const store = dynamodbFailureStore(clientOf(region), TABLE, { now: () => capturedAtMs(SIZE) });
    const { failures } = await store.listFailures({ limit: 1_000 });
    expect(failures).toHaveLength(13 * SIZE);
    expect(failures.map(({ capturedAtMs: at }) => at)).toEqual(
      Array.from({ length: 13 * SIZE }, (_, index) => capturedAtMs(SIZE - 1 - index)),
    );
    const [original, copy] = await store.failures(["orders:m-3", "orders:b13"]);
    const shift = 12 * SIZE * 1_000;
    expect(copy).toEqual({
      ...original,
      id: "orders:b13",
      lineage: "b13",
      messageId: "b13",
      ...Object.fromEntries(
        (["sentAtMs", "capturedAtMs", "diedAtMs", "updatedAtMs", "dueAtMs", "requeuedAtMs"] as const).flatMap((name) =>
          original?.[name] === undefined ? [] : [[name, original[name] - shift]],
        ),
      ),
      attempts: original?.attempts.map((each) => ({ ...each, failedAtMs: each.failedAtMs - shift })),
    });
    const ofState = await store.listFailures({ filter: { state: "held" }, limit: 1_000 });
    const totals = await store.totals();
    expect(ofState.failures.length).toBe(totals.reduce((sum, { states }) => sum + states.held, 0));
    expect(await region.call("dynamodb", "DescribeTable", { TableName: TABLE })).toBeDefined();
  } finally {
    await region.stop();
  }
});
