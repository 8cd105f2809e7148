import { createInterface } from "node:readline/promises";
import { CommandError } from "./command-error.ts";

interface Asking {
  readonly json?: boolean;
  /** Whether it was said beforehand. */
  readonly yes?: boolean;
}

/** Whether somebody is there to be asked: at a terminal, and not waiting for JSON. */
export function canAsk({ json = false }: Asking): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && !json;
}

/** Asks whoever is at the terminal whether to go on; in a pipe nobody is asked, and it goes on. @throws CommandError for any answer but yes */
export async function confirm(question: string, asking: Asking): Promise<void> {
  if (asking.yes || !canAsk(asking)) return;
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("Nothing is changed.");
}

/** A text that was given, or that whoever is at the terminal gives now. @throws CommandError with `missing` where there is none */
export async function needText(
  given: string | undefined,
  question: string,
  missing: string,
  asking: Asking,
): Promise<string> {
  const text = given ?? (canAsk(asking) ? await ask(`${question} `) : "");
  if (text.trim() === "") throw new CommandError(missing);
  return text;
}

/** On stderr, so that stdout has the answer alone. Ctrl-D is an empty answer. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once("SIGINT", () => reject(new CommandError("\nNothing is changed.", { exitCode: 130 })));
      terminal.once("close", () => resolve(""));
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}
