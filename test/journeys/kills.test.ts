import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { functionProcesses, NO_PROC, processTree } from "../../harness/processes.ts";
import { reliq, startReliq, withDirectory } from "./command.ts";
import { readAccounts, untilReady } from "./region.ts";

const APP = ["run", "apps/store-events", "--invoke", "SqsDataProducer", "--quiet", "--port", "0", "--state"];

/** Kills the consumer's processes again and again, and at the end the region itself. */
async function killEverything(pid: number): Promise<number> {
  let kills = 0;
  for (let round = 0; round < 12; round++) {
    await wait(250);
    for (const each of functionProcesses(pid, "reliable_queue_consumer")) {
      process.kill(each, "SIGKILL");
      kills++;
    }
  }
  for (const each of processTree(pid)) process.kill(each, "SIGKILL");
  return kills;
}

test.skipIf(NO_PROC)(
  `functions and the region are killed mid-run, and every accepted message is in one known place`,
  async () => {
    await withDirectory(async (state) => {
      const first = startReliq([...APP, state]);
      const endpoint = await untilReady(first);
      await expect
        .poll(async () => (await readAccounts(endpoint))[0]?.accepted ?? 0, { timeout: 30_000 })
        .toBeGreaterThan(0);
      expect(await killEverything(first.child.pid ?? 0)).toBeGreaterThan(3);
      await first.ended;

      const once = await reliq(...APP, state, "--once");
      expect(once.output).toMatch(/✓ reliable_q: accepted \d+ = processed \d+ \+ dead-lettered \d+\n/);
      expect(once.code).toBe(0);
      expect(once.output).not.toMatch(/\bunknown\b/);
    });
  },
  180_000,
);
