import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeAssembly } from "../../test/assembly-fixture.ts";
import { fakeProvider } from "../../test/fake-provider.ts";
import { systemClock } from "../kernel/clock.ts";
import { openStore, type Store } from "../kernel/store.ts";
import { deploy } from "./deploy.ts";
import { loadAssembly } from "./load-assembly.ts";
import { openStackStore } from "./stack-store.ts";

/** Which of six queues a template holds, the name version of each, and what they wait for. */
const template = fc
  .array(fc.record({ held: fc.boolean(), name: fc.constantFrom("", "v1", "v2"), after: fc.nat({ max: 5 }) }), {
    minLength: 6,
    maxLength: 6,
  })
  .map((rows) =>
    Object.fromEntries(
      rows.flatMap(({ held, name, after }, index) => {
        if (!held) return [];
        const waits = after < index && rows[after]?.held ? { DependsOn: `Q${after}` } : {};
        const Properties = name ? { QueueName: `q${index}-${name}` } : {};
        return [[`Q${index}`, { Type: "AWS::SQS::Queue", Properties, ...waits }]];
      }),
    ),
  );

/** A store and a provider that stop doing anything after so many steps, as a killed process does. */
function mortal(store: Store, steps: number) {
  let left = steps;
  const step = (): void => {
    if (left-- <= 0) throw new Error("killed");
  };
  const transaction: Store["transaction"] = async (work) => {
    step();
    return store.transaction(work);
  };
  return { step, store: { ...store, transaction } };
}

test("killed after any number of steps, again and again, a deployment ends with exactly the template's resources", async () => {
  const directory = mkdtempSync(join(tmpdir(), "reliq-kill-"));
  const store = openStore(join(directory, "state"));
  const ground = { clock: systemClock(), accountId: "0", region: "us-east-1", endpoint: () => "http://here" };
  let dies = (): void => {};
  const queues = fakeProvider(["QueueName"], () => dies());
  const run = (resources: object, steps: number): Promise<unknown> => {
    const { store: dying, step } = mortal(store, steps);
    dies = step;
    const assembly = writeAssembly(join(directory, "cdk.out"), { S: { template: { Resources: resources } } });
    return deploy(loadAssembly(assembly), { ...ground, store: dying }, { "AWS::SQS::Queue": queues });
  };
  const runs = fc.array(fc.record({ resources: template, steps: fc.nat({ max: 30 }) }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(runs, template, async (killed, last) => {
      for (const { resources, steps } of killed) await run(resources, steps).catch(() => {});
      await run(last, Number.POSITIVE_INFINITY);
      const records = openStackStore({ store, clock: ground.clock }).resources("S");
      const names = records.map(({ name }) => name).sort();
      expect([...queues.existing.keys()].sort()).toEqual(names);
      expect(records.map(({ logicalId }) => logicalId).sort()).toEqual(Object.keys(last).sort());
      queues.calls.length = 0;
      await run(last, Number.POSITIVE_INFINITY);
      expect(queues.calls).toEqual([]);
    }),
    { numRuns: 60 },
  );
  store.close();
  rmSync(directory, { recursive: true, force: true });
});
