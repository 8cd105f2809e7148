import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type RedriveFault, type RedriveWorld, redriveWorld } from "../../testing/redrive-world.ts";
import { anyBody } from "../../testing/samples.ts";
import { healByHand } from "../heal/heal-by-hand.ts";
import { payloadHash } from "../idempotency/payload-hash.ts";
import { verifyAudit } from "../recovery/index.ts";
import { editMessage } from "./edit-message.ts";
import { applyRepair } from "./repair-held.ts";
import { sendHeld } from "./send-held.ts";

const REPAIR = { name: "name-it", schema: anyBody, repair: (): unknown => ({ orderId: "repaired" }) };

const DEEDS: Readonly<Record<string, (ids: readonly string[], world: RedriveWorld) => Promise<unknown>>> = {
  edit: async (ids, { ports }) => {
    for (const id of ids) await editMessage(id, { body: '{"orderId":"edited"}', send: true }, "ann", ports);
  },
  heal: (ids, { ports }) => healByHand(ids, "ann", ports),
  repair: async (_, { ports, store }) => {
    for (const { id } of (await store.listGroups({})).groups) {
      await applyRepair({ group: id }, REPAIR, "ann", ports, { send: true });
    }
  },
};

const fault = fc.constantFrom<RedriveFault>("kill-after", "kill-before", "none", "none", "unsent");

/** Each edit is a request of its own: the order of a group is kept within one. */
const ONE_REQUEST = ["heal", "repair"];

test.each(Object.entries(DEEDS))(
  "%s: killed anywhere, what a person asked to send is sent whole, has one effect, and the rest is held as it was",
  async (name, deed) => {
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
          if (fifo && ONE_REQUEST.includes(name))
            expect(firstSends(world), "sent in the group's order").toEqual(firstSends(world).toSorted(ascending));
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

test("killed anywhere, 250 messages of a FIFO group are sent in its order, at most 100 ids of a wake-up at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 40 }), fc.boolean(), async (faults, copies) => {
      const world = redriveWorld(() => "processed", { copies });
      const failures = Array.from({ length: 250 }, (_, number) => {
        const place = { groupId: "g", sequenceNumber: String(number).padStart(20, "0") };
        return sampleFailure({ queue: "orders.fifo", lineage: `m-${number}`, ...place });
      });
      await world.put(failures);
      const pages: number[] = [];
      const wakeUps: typeof world.ports.wakeUps = {
        add: (added) => {
          for (const { wakeUp } of added) if (wakeUp.kind === "send") pages.push(wakeUp.failures.length);
          return world.ports.wakeUps.add(added);
        },
      };
      await sendHeld(failures.toReversed(), { via: "heal", by: "ann" }, { ...world.ports, wakeUps });
      world.faults.push(...faults);
      await world.settle();
      expect(firstSends(world)).toEqual(failures.map((_, number) => number));
      expect(Math.max(...pages)).toBe(100);
    }),
    { numRuns: 20 },
  );
}, 60_000);

test("two edits are two requests: where what sends the first is killed, the second may be there before it; both have one effect", async () => {
  const world = redriveWorld(() => "processed");
  const failures = [0, 1].map((number) => {
    const place = { groupId: "g", sequenceNumber: String(number).padStart(20, "0") };
    return sampleFailure({ queue: "orders.fifo", lineage: `m-${number}`, ...place });
  });
  await world.put(failures);
  world.faults.push("none", "none", "unsent", "none", "unsent", "none", "unsent", "kill-after", "kill-after");
  const ids = failures.map(({ id }) => id);
  await DEEDS["edit"]?.(ids, world).catch(() => {});
  await world.settle();
  await world.sweep();
  await world.settle();
  expect(firstSends(world)).toEqual([1, 0]);
  expect(ids.map((id) => world.effects.get(id))).toEqual([1, 1]);
});

test("what SQS would refuse is refused with why and stays held, and keeps nothing else back", async () => {
  const world = redriveWorld(() => "processed");
  const attribute = { dataType: "String", stringValue: "x" };
  const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`a${index}`, attribute]));
  const [full, fine] = [sampleFailure({ lineage: "m-1", attributes }), sampleFailure({ lineage: "m-2" })];
  await world.put([full, fine]);
  expect(await healByHand([full.id, fine.id], "ann", world.ports)).toEqual([
    { id: full.id, kind: "refused", because: expect.stringContaining("it cannot be sent: it has 10 attributes") },
    { id: fine.id, kind: "done" },
  ]);
  await world.settle();
  expect((await world.store.failures([full.id, fine.id])).map((each) => each?.state)).toEqual(["held", "resolved"]);
});

/** The numbers of what was sent, in order, without copies. */
function firstSends({ sent }: RedriveWorld): number[] {
  return [...new Set(sent.map(({ failure }) => Number(failure.lineage.slice(2))))];
}

function ascending(a: number, b: number): number {
  return a - b;
}
