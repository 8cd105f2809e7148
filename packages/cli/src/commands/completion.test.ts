import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { expect, test, vi } from "vitest";
import { completion } from "./completion.ts";

function program(): Command {
  const made = new Command("tool");
  made.command("local").description("the local region").command("start").option("--port <number>", "its port");
  const failures = made.command("failures").option("--queue <name>", "of this queue");
  failures.command("list").option("--state <state>", "it's state");
  return made;
}

function scriptOf(shell: string): string {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  completion(program(), shell);
  const [[script]] = log.mock.calls as [[string]];
  log.mockRestore();
  return script;
}

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const typed = ["tool", ...words].map((word) => JSON.stringify(word)).join(" ");
  const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _tool; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", `${scriptOf("bash")}\n${ask}`], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trim().split("\n");
}

test.each([
  [[""], ["local", "failures", "--help"]],
  [["f"], ["failures"]],
  [
    ["failures", "--"],
    ["--queue", "--help"],
  ],
  [
    ["failures", "list", "--"],
    ["--state", "--help"],
  ],
  [["failures", "--queue", "local", "l"], ["list"]],
  [["local", "start", "--p"], ["--port"]],
])("bash offers for %j %j", (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test("zsh reads the same, and fish has a line for each command and option, quoted", () => {
  expect(scriptOf("zsh")).toContain("bashcompinit\n");
  const lines = scriptOf("fish").split("\n");
  expect(lines).toContain(
    "complete -c tool -f -n 'not __fish_seen_subcommand_from local failures' -a local -d 'the local region'",
  );
  expect(lines).toContain(
    "complete -c tool -n '__fish_seen_subcommand_from failures; and __fish_seen_subcommand_from list' -l state -d 'it\\'s state'",
  );
});

test("another shell is refused with the ones that there are", () => {
  expect(() => completion(program(), "tcsh")).toThrow('There is no completion for "tcsh": it takes bash, zsh, fish.');
});
