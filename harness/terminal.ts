import { spawn, spawnSync } from "node:child_process";

/** A command at a terminal of its own. */
export interface Terminal {
  /** All that the terminal was sent so far, control codes and all. */
  readonly screen: () => string;
  /** Types keys, as a person does; `\u0003` is Ctrl-C. */
  readonly type: (keys: string) => void;
  /** Its exit code; 128 and the signal's number where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly kill: () => void;
}

/** Why there is no terminal to be had here; false where there is one: `script` of util-linux makes it. */
export const NO_TERMINAL: string | false = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes(
  "util-linux",
)
  ? false
  : "`script` of util-linux is not installed";

const GO_ON_MS = 500;

/** Starts a command at a terminal of 100 columns. `without` are variables that it does not get. */
export function startTerminal(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  without: readonly string[] = [],
): Terminal {
  const line = `stty cols 100 rows 40; exec ${command.map(quote).join(" ")}`;
  const env: NodeJS.ProcessEnv = { ...process.env, ...environment, TERM: "xterm-256color" };
  // A person's terminal has colours, whatever runs the tests.
  for (const name of ["CI", "FORCE_COLOR", "NO_COLOR", "NODE_DISABLE_COLORS", ...without]) delete env[name];
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], { env });
  let screen = "";
  child.stdout.on("data", (chunk: Buffer) => (screen += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (screen += chunk.toString()));
  child.stdin.on("error", () => {});
  // Where something stops the command for a moment, `script` stops with it, and nobody tells it to go on.
  const goOn = setInterval(() => child.kill("SIGCONT"), GO_ON_MS);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  void ended.then(() => clearInterval(goOn));
  return {
    screen: () => screen,
    type: (keys) => void child.stdin.write(keys),
    ended,
    kill: () => void child.kill("SIGKILL"),
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
