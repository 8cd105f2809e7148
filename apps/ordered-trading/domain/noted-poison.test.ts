import type { Measure } from "@reliq/aws/telemetry";
import type { LogLine } from "@reliq/core";
import { memoryFailureStore, sampleAudit, sampleFailure } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { notedPoison } from "./noted-poison.ts";

test("each death is noted once, when it is committed: how bad it is, and what can help it", async () => {
  const lines: LogLine[] = [];
  const measured: Measure[] = [];
  const store = notedPoison(
    memoryFailureStore(),
    (line) => lines.push(line),
    (measures) => measured.push(...measures),
  );
  const first = sampleFailure({ rule: "no symbol", state: "archived", groupId: "account-1" });
  const change = { failures: [{ before: undefined, after: first }], audit: sampleAudit() };
  expect(await store.commit(change)).toBe("committed");
  expect(await store.commit(change)).toBe("conflict");
  const sent = { ...first, state: "requeued" as const, version: 2 };
  await store.commit({ failures: [{ before: first, after: sent }], audit: sampleAudit() });
  expect(lines).toMatchObject([
    { level: "error", event: "poison-message", groupId: "account-1", severity: "critical", recoverability: "none" },
  ]);
  expect(measured).toEqual([{ name: "PoisonMessages", value: 1, kind: "count", dimensions: { Severity: "critical" } }]);
});
