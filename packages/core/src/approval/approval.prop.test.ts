import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type RedriveFault, type RedriveWorld, redriveWorld } from "../../testing/redrive-world.ts";
import { anyBody } from "../../testing/samples.ts";
import { discard } from "../failure/discard.ts";
import type { Repair } from "../heal/repair.ts";
import { approve, refuseApproval } from "./decide-approval.ts";
import { editAsked, healAsked, repairAsked, startRunAsked } from "./needs-approval.ts";

const FAILURES = Array.from({ length: 6 }, (_, number) => sampleFailure({ lineage: `m-${number}` }));
const IDS: readonly string[] = FAILURES.map(({ id }) => id);
const EDITED = '{"orderId":"o-2"}';

const REPAIR: Repair = {
  name: "mark",
  schema: anyBody,
  repair: (body) => ("fixed" in (body as object) ? undefined : { ...(body as object), fixed: true }),
};
const RULES = { repairs: [REPAIR] };

const ASKING = {
  by: "ann",
  policy: { rules: [], secondApproval: { redrivesAbove: 2, editsAbove: 0, withinSeconds: 900_000 } },
};

type Ask = (world: RedriveWorld) => Promise<unknown>;

/** What ann asks for, and which messages it is about. */
const ASKS: Readonly<
  Record<"edit" | "heal" | "redrive" | "repair", { readonly ask: Ask; readonly ids: readonly string[] }>
> = {
  edit: {
    ids: IDS.slice(0, 1),
    ask: ({ ports }) => editAsked(IDS[0] ?? "", { body: EDITED, send: true }, ASKING, ports, { masked: false }),
  },
  heal: { ids: IDS, ask: ({ ports }) => healAsked(IDS, ASKING, ports) },
  redrive: {
    ids: IDS,
    ask: ({ ports }) => startRunAsked("redrive", { queue: "orders" }, { ramp: [3] }, ASKING, ports),
  },
  repair: { ids: IDS, ask: ({ ports }) => repairAsked({ failures: IDS }, REPAIR, ASKING, ports, { send: true }) },
};

const anyAsk = fc.constantFrom(...(Object.keys(ASKS) as (keyof typeof ASKS)[]));
const fault = fc.constantFrom<RedriveFault>("kill-after", "kill-before", "none", "none", "none");
const faults = fc.array(fault, { maxLength: 30 });

/** A world in which ann has asked, however often she was killed while she did; and what waits. */
async function asked(
  name: keyof typeof ASKS,
  wanted: readonly RedriveFault[],
): Promise<{ world: RedriveWorld; id: string }> {
  const world = redriveWorld(() => "processed", { repairs: RULES.repairs });
  await world.put(FAILURES);
  world.faults.push(...wanted);
  await expect(world.insist(() => ASKS[name].ask(world))).rejects.toMatchObject({ code: "approval-needed" });
  world.faults.length = 0;
  const { approvals } = await world.store.listApprovals({});
  expect(approvals.map(({ state, by }) => [state, by])).toEqual([["pending", "ann"]]);
  return { world, id: approvals[0]?.id ?? "" };
}

async function decisionsIn({ store }: RedriveWorld): Promise<readonly string[]> {
  const entries = [...(await store.audit("orders", 1)), ...(await store.audit("reliq", 1))];
  return entries.filter(({ action }) => /^approval-(given|refused|expired)$/.test(action)).map(({ by }) => by);
}

async function settled(world: RedriveWorld): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await world.settle();
    await world.sweep();
  }
  await world.settle();
}

test("nothing is done before another person approves it; two who do at once, killed anywhere, do it once; what has changed meanwhile is left alone", async () => {
  await fc.assert(
    fc.asyncProperty(anyAsk, faults, faults, fc.option(fc.nat({ max: 5 })), async (name, first, wanted, changed) => {
      const { world, id } = await asked(name, first);
      const { ports, store } = world;
      await world.settle();
      expect([world.sent, await store.listRuns({})]).toEqual([[], { runs: [] }]);
      expect(await store.failures(IDS)).toEqual(FAILURES);
      const gone = changed === null ? [] : IDS.slice(changed, changed + 1);
      await discard(gone, "it is a test", "dan", ports);
      await expect(approve(id, "ann", RULES, ports)).rejects.toMatchObject({ code: "approval-own" });
      world.faults.push(...wanted);
      const both = ["bob", "cat"].map((by) => world.insist(() => approve(id, by, RULES, ports)).catch(stateError));
      await Promise.all(both);
      await settled(world);
      const approval = await store.approval(id);
      const left = ASKS[name].ids.filter((each) => !gone.includes(each));
      expect(approval?.state).toBe(left.length > 0 ? "done" : "failed");
      expect(await decisionsIn(world)).toEqual([approval?.decidedBy]);
      expect(approval?.decidedBy).not.toBe("ann");
      expect([...world.effects.values()].every((times) => times === 1)).toBe(true);
      const sent = world.sent.map(({ failure }) => failure.id);
      expect(sent.every((each) => left.includes(each))).toBe(true);
      for (const record of await store.failures(left)) {
        // Whoever repairs can be stopped before what is repaired is sent: it is held, and repaired once.
        expect(name === "repair" ? ["held", "resolved"] : ["resolved"]).toContain(record?.state);
        expect(record?.changes.length).toBe(name === "repair" || name === "edit" ? 1 : 0);
        expect(record?.sends).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 200 },
  );
}, 120_000);

test("of an approval and a refusal at once one holds, and what is refused is never done", async () => {
  await fc.assert(
    fc.asyncProperty(anyAsk, faults, fc.boolean(), async (name, wanted, turned) => {
      const { world, id } = await asked(name, []);
      const { ports, store } = world;
      world.faults.push(...wanted);
      const deeds = [() => approve(id, "bob", RULES, ports), () => refuseApproval(id, "not today", "cat", ports)];
      await Promise.all((turned ? deeds.toReversed() : deeds).map((deed) => world.insist(deed).catch(stateError)));
      await settled(world);
      const approval = await store.approval(id);
      expect(await decisionsIn(world)).toEqual([approval?.decidedBy]);
      if (approval?.state !== "refused") {
        expect(approval).toMatchObject({ state: "done", decidedBy: "bob" });
        return;
      }
      expect(approval).toMatchObject({ decidedBy: "cat", reason: "not today" });
      expect([world.sent, await store.listRuns({})]).toEqual([[], { runs: [] }]);
      await expect(approve(id, "bob", RULES, ports)).rejects.toMatchObject({ code: "approval-state" });
    }),
    { numRuns: 100 },
  );
}, 120_000);

test("what nobody decided in time is over: it cannot be approved any more, and the audit says so once", async () => {
  const world = redriveWorld(() => "processed");
  const { ports, store } = world;
  await world.put(FAILURES);
  const hurried = { ...ASKING, policy: { rules: [], secondApproval: { redrivesAbove: 2, withinSeconds: 900 } } };
  const needed = await healAsked(IDS, hurried, ports).catch((error: unknown) => error);
  const { approval: id } = (needed as { readonly cause: { readonly approval: string } }).cause;
  await world.sweep();
  expect(await store.approval(id)).toMatchObject({ state: "expired" });
  await world.sweep();
  await expect(approve(id, "bob", RULES, ports)).rejects.toMatchObject({ code: "approval-state" });
  await expect(refuseApproval(id, "too late", "bob", ports)).rejects.toMatchObject({ code: "approval-state" });
  expect(await decisionsIn(world)).toEqual(["reliq"]);
  await expect(approve("none", "bob", RULES, ports)).rejects.toMatchObject({ code: "approval-unknown" });
});

test("a run that nobody has to approve takes no more than may be sent alone, whatever fails until it is planned", async () => {
  const world = redriveWorld(() => "processed");
  await world.put(FAILURES.slice(0, 2));
  const { id } = await startRunAsked("redrive", { queue: "orders" }, {}, ASKING, world.ports);
  await world.put(FAILURES.slice(2));
  await settled(world);
  expect(await world.store.run(id)).toMatchObject({ state: "done", sent: 2, by: "ann" });
});

test("a run is approved while its queue has another: it is begun once that has ended", async () => {
  const { world, id } = await asked("redrive", []);
  const { ports, store } = world;
  const small = { ...ASKING, by: "dan" };
  await startRunAsked("redrive", { queue: "orders", errorName: "NoSuchError" }, {}, small, ports);
  await expect(approve(id, "bob", RULES, ports)).rejects.toMatchObject({ code: "run-exists" });
  expect(await store.approval(id)).toMatchObject({ state: "approved", decidedBy: "bob" });
  await settled(world);
  expect(await store.approval(id)).toMatchObject({ state: "done", run: id });
  expect(await store.run(id)).toMatchObject({ state: "done", sent: 6, by: "ann" });
});

test("what is over keeps no content of an edit", async () => {
  const { world, id } = await asked("edit", []);
  expect(await world.store.approval(id)).toMatchObject({ deed: { content: { body: EDITED } }, count: 1, limit: 0 });
  expect(await approve(id, "bob", RULES, world.ports)).toMatchObject({
    state: "done",
    outcome: "The message is changed and sent.",
  });
  const { deed } = (await world.store.approval(id)) ?? {};
  expect(deed).toEqual({ operation: "edit", message: { id: IDS[0], version: 1 }, send: true });
});

/** Who comes second is told that it is decided. */
function stateError(error: unknown): void {
  expect(error).toMatchObject({ code: "approval-state" });
}
