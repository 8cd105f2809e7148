import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test.each([
  ["process.exit", "process.exit(1)"],
  ["an error that nobody catches", "throw new Error('lost')"],
  ["a wait", "await new Promise((resolve) => setTimeout(resolve, 1)); process.kill(process.pid, 'SIGKILL')"],
])("lines that were written before %s are there", (_, end) => {
  const file = new URL("write-line.ts", import.meta.url).pathname;
  const script = `import { writeLine } from "${file}"; writeLine("one"); writeLine("two"); ${end}`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  expect(stdout).toBe("one\ntwo\n");
});
