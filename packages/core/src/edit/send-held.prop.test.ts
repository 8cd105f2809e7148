import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type RedriveFault, type RedriveWorld, redriveWorld } from "../../testing/redrive-world.ts";
import { anyBody } from "../../testing/samples.ts";
import { healByHand } from "../heal/heal-by-hand.ts";
import { payloadHash } from "../idempotency/payload-hash.ts";
import { verifyAudit } from "../recovery/index.ts";
import { editMessage } from "./edit-message.ts";
import { applyRepair } from "./repair-group.ts";
import { sendHeld } from "./send-held.ts";

const REPAIR = { name: "name-it", schema: anyBody, repair: (): unknown => ({ orderId: "repaired" }) };

const DEEDS: Readonly<Record<string, (ids: readonly string[], world: RedriveWorld) => Promise<unknown>>> = {
  edit: async (ids, { ports }) => {
    for (const id of ids) await editMessage(id, { body: '{"orderId":"edited"}', send: true }, "ann", ports);
  },
  heal: (ids, { ports }) => healByHand(ids, "ann", ports),
  repair: async (_, { ports, store }) => {
    for (const { id } of (await store.listGroups({})).groups) {
      await applyRepair(id, REPAIR, "ann", ports, { send: true });
    }
  },
};

const fault = fc.constantFrom<RedriveFault>("kill-after", "kill-before", "none", "none", "unsent");

test.each(Object.entries(DEEDS))(
  "%s: killed anywhere, what a person asked to send is sent whole, has one effect, and the rest is held as it was",
  async (_, deed) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 24 }),
        fc.array(fault, { maxLength: 30 }),
        fc.boolean(),
        fc.boolean(),
        async (count, faults, copies, fifo) => {
          const queue = fifo ? "orders.fifo" : "orders";
          const world = redriveWorld(() => "processed", { copies });
          const failures = Array.from({ length: count }, (_, number) => {
            const place = fifo && { groupId: "g", sequenceNumber: String(number).padStart(20, "0") };
            return sampleFailure({ queue, lineage: `m-${number}`, ...place });
          });
          await world.put(failures);
          const ids = failures.map(({ id }) => id);
          world.faults.push(...faults);
          // A person who sees an error and gives up.
          await deed(ids, world).catch(() => {});
          await world.settle();
          await world.sweep();
          await world.settle();
          const records = await world.store.failures(ids);
          for (const [index, record] of records.entries()) {
            const effects = world.effects.get(ids[index] ?? "") ?? 0;
            expect([record?.state, effects, record?.sends]).toEqual(
              record?.state === "held" ? ["held", 0, 0] : ["resolved", 1, 1],
            );
          }
          const sound = faults.every((each) => each === "none");
          if (sound) expect(records.every((record) => record?.state === "resolved")).toBe(true);
          expect(await verifyAudit(world.store, queue, payloadHash)).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 100 },
    );
  },
  60_000,
);

test("a wake-up has at most 100 ids, and a FIFO group is sent in its order", async () => {
  const world = redriveWorld(() => "processed");
  const failures = Array.from({ length: 250 }, (_, number) => {
    const place = { groupId: "g", sequenceNumber: String(number).padStart(20, "0") };
    return sampleFailure({ queue: "orders.fifo", lineage: String(number), ...place });
  });
  await world.put(failures);
  const ids: number[] = [];
  const wakeUps: typeof world.ports.wakeUps = {
    add: async (added) => {
      for (const { wakeUp } of added) if (wakeUp.kind === "send") ids.push(wakeUp.failures.length);
      await world.ports.wakeUps.add(added);
    },
  };
  await sendHeld(failures.toReversed(), { via: "heal", by: "ann" }, { ...world.ports, wakeUps });
  await world.settle();
  expect(ids).toEqual([100, 100, 50]);
  expect(world.sent.map(({ failure }) => Number(failure.lineage))).toEqual(failures.map((_, number) => number));
});
