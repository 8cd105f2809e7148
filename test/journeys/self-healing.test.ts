import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startReliq, withDirectory } from "./command.ts";
import { untilReady } from "./region.ts";

const PROGRAMS = "apps/self-healing/programs";

/** Runs one of the app's programs as a person would. @throws with what it printed, where it fails */
async function program(name: string, ...args: string[]): Promise<string> {
  const command = ["--conditions=@reliq/source", join(PROGRAMS, `${name}.ts`), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return stdout;
}

test("31 messages of mixed fate each end where they are to end, with their reason and cause", async () => {
  await withDirectory(async (state) => {
    const running = startReliq(["run", "apps/self-healing", "--port", "0", "--state", state]);
    try {
      const endpoint = await untilReady(running);
      const at = ["--endpoint", endpoint, "--file", join(state, "sent.json")];
      expect(await program("send-test-messages", ...at)).toContain("Sent 31 of 31");
      expect(await program("verify-healing", ...at, "--seconds", "200")).toContain("PASS: 31 messages");
    } catch (error) {
      throw new Error(`The region printed: ${running.output().slice(-3_000)}`, { cause: error });
    } finally {
      running.child.kill("SIGINT");
      await running.ended;
    }
  });
}, 300_000);
