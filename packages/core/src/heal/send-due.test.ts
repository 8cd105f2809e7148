import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { redriveWorld } from "../../testing/redrive-world.ts";
import { sendDue } from "./send-due.ts";

test("a reminder that names a message twice, since two letters of its death came together, sends it once", async () => {
  const world = redriveWorld(() => "processed");
  const healing = { state: "healing", heals: 0, dueAtMs: 0 } as const;
  const failures = [sampleFailure({ ...healing, lineage: "a" }), sampleFailure({ ...healing, lineage: "b" })];
  await world.put(failures);
  const [a, b] = failures.map(({ id, sends }) => ({ id, sends }));
  if (!(a && b)) throw new Error("there are no failures");
  await sendDue({ rules: [] }, { failures: [a, b, a] }, world.ports);
  expect(world.sent.map(({ failure }) => failure.lineage)).toEqual(["a", "b"]);
});
