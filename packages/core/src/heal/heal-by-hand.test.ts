import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { redriveWorld } from "../../testing/redrive-world.ts";
import { healByHand } from "./heal-by-hand.ts";

test("held messages are sent and counted as heals, one that is given twice once; others say why they are not", async () => {
  const world = redriveWorld(() => "processed");
  const failures = [sampleFailure({ lineage: "a" }), sampleFailure({ lineage: "b", state: "archived" })];
  await world.put(failures);
  const ids = failures.map(({ id }) => id);
  const ends = await healByHand([...ids, ids[0] ?? "", "orders:none"], "ann", world.ports);
  expect(ends).toEqual([
    { id: ids[0], kind: "done" },
    { id: ids[1], kind: "refused", because: "it is archived; held messages can be healed by hand" },
    { id: "orders:none", kind: "refused", because: "there is no such failed message" },
  ]);
  await world.settle();
  expect(world.sent.map(({ envelope }) => [envelope.heals, envelope.via])).toEqual([[1, "heal"]]);
});
