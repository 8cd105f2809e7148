import type { FailedMessage } from "@reliq/core/recovery";
import { memoryFailureStore, sampleAudit, sampleFailure } from "@reliq/core/testing";
import { expect, test } from "vitest";
import type { Measure } from "../telemetry/measures.ts";
import { countedStore } from "./counted-store.ts";

const SENT = sampleFailure({ state: "requeued", version: 2, sends: 1 });

test.each<[string, Partial<FailedMessage>, readonly string[]]>([
  ["heal", { via: "heal", heals: 1 }, ["Requeued_Count"]],
  ["redrive", { via: "redrive" }, ["Requeued_Count", "Redriven_Count"]],
  ["replay", { via: "replay" }, ["Requeued_Count", "Replayed_Count"]],
])("a message that is sent again by a %s is counted so, once it is committed", async (_, changes, names) => {
  const measured: Measure[] = [];
  const store = countedStore(memoryFailureStore(), (measures) => measured.push(...measures));
  const before = sampleFailure();
  await store.commit({ failures: [{ before: undefined, after: before }], audit: sampleAudit() });
  measured.length = 0;
  const change = { failures: [{ before, after: { ...SENT, ...changes } }], audit: sampleAudit() };
  expect(await store.commit(change)).toBe("committed");
  expect(measured.map(({ name }) => name)).toEqual(names);
  expect(await store.commit({ ...change, audit: sampleAudit({ action: "other" }) })).toBe("conflict");
  expect(measured).toHaveLength(names.length);
});

test("an alert is counted when somebody was told", async () => {
  const measured: Measure[] = [];
  const store = countedStore(memoryFailureStore(), (measures) => measured.push(...measures));
  await store.commit({ audit: sampleAudit({ action: "alerted" }) });
  await store.commit({ audit: sampleAudit({ action: "alert-sent" }) });
  expect(measured).toEqual([{ name: "Alerts_Count", value: 1, kind: "count", dimensions: { Queue: "orders" } }]);
});
