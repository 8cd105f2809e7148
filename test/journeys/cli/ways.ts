import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { expect, vi } from "vitest";
import { startTerminal } from "../../../harness/terminal.ts";
import { problemsOf } from "./schemas.ts";

/** How a command is run: at a terminal, in a pipe, or in a pipe with `--json`. */
export type Way = "json" | "pipe" | "terminal";

/** What a person types once the terminal shows something; `\u0003` is Ctrl-C. */
export interface Keys {
  readonly once: RegExp;
  readonly type: string;
}

/** What is expected of a command. */
export interface Expected {
  readonly code: number;
  /** What a person reads, without colours. */
  readonly says: RegExp;
  /** Whether what it prints has neither colours nor progress at a terminal: it is short, or for another program. */
  readonly colourless: boolean;
  readonly keys: readonly Keys[];
}

/** What starts `reliq`. */
export const RELIQ: readonly string[] = [process.execPath, "packages/cli/bin/reliq.js"];

/** All but line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

const PATIENCE = { timeout: 120_000, interval: 50 };

/** What a command came to in a pipe. */
export interface Piped {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with its output in pipes; Ctrl-C is a signal there, sent once it has printed what `keys` wait for. */
export async function inPipe(
  args: readonly string[],
  { environment = {}, keys = [] }: { readonly environment?: NodeJS.ProcessEnv; readonly keys?: readonly Keys[] } = {},
): Promise<Piped> {
  const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...environment };
  const child = spawn(process.execPath, [...RELIQ.slice(1), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  for (const { once } of keys.filter(({ type }) => type === "\u0003")) {
    await vi.waitFor(() => expect(stdout + stderr).toMatch(once), PATIENCE);
    child.kill("SIGINT");
  }
  return { code: await ended, stdout, stderr };
}

/** Runs a command in a pipe: no colour, no question, no control code. */
export async function expectPipe(args: readonly string[], { code, says, keys }: Expected): Promise<void> {
  const ended = await inPipe(args, { keys });
  const all = ended.stdout + ended.stderr;
  expect({ code: ended.code, all }).toEqual({ code, all: expect.stringMatching(says) });
  expect(all).not.toMatch(CONTROL);
  expect(all).not.toContain("[y/N]");
}

/** Runs a command at a terminal: in colours, its questions answered by the keys. */
export async function expectTerminal(args: readonly string[], expected: Expected): Promise<void> {
  const terminal = startTerminal([...RELIQ, ...args]);
  try {
    for (const { once, type } of expected.keys) {
      await vi.waitFor(() => expect(stripVTControlCharacters(terminal.screen())).toMatch(once), PATIENCE);
      terminal.type(type);
    }
    const code = await terminal.ended;
    const screen = terminal.screen();
    const all = stripVTControlCharacters(screen).replaceAll("\r", "");
    expect({ code, all }).toEqual({ code: expected.code, all: expect.stringMatching(expected.says) });
    expect(screen.includes("\u001b["), `colours or progress in ${screen}`).toBe(!expected.colourless);
    // A cursor that was hidden is shown again.
    expect(screen.lastIndexOf("\u001b[?25l")).toBeLessThanOrEqual(screen.lastIndexOf("\u001b[?25h"));
  } finally {
    terminal.kill();
  }
}

/** Runs a command with `--json`: one answer alone on stdout, as the published schema says; of `lines` one each. */
export async function expectJson(
  words: string,
  args: readonly string[],
  { code, lines = false }: { readonly code: number; readonly lines?: boolean },
  environment: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const ended = await inPipe([...args, "--json"], { environment });
  // Progress of what takes long is on stderr.
  expect({ args, code: ended.code, stderr: ended.stderr }).toEqual({ args, code, stderr: expect.any(String) });
  const texts = lines ? ended.stdout.trim().split("\n") : [ended.stdout];
  const answers = texts.map((text) => JSON.parse(text) as unknown);
  expect(answers.flatMap((answer) => problemsOf(words, answer))).toEqual([]);
  return lines ? answers : answers[0];
}
