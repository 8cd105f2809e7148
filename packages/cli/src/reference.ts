import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { reliqProgram } from "./program.ts";

/** A command that does something. */
export interface CommandEntry {
  /** Its words behind `reliq`, such as `failures list`. */
  readonly words: string;
  /** Its long options, such as `--json`. */
  readonly options: readonly string[];
}

/** Every command that does something by itself. */
export function listCommands(): readonly CommandEntry[] {
  return reliqProgram().commands.flatMap((command) => entriesOf(command, []));
}

/** Where the published schema of a command's JSON is. */
export function schemaOf(words: string): URL {
  return new URL(`../schemas/${words.replaceAll(" ", "-")}.json`, import.meta.url);
}

/** The reference of what commands print with `--json`, as Markdown. @throws where a command that has it has no schema */
export function jsonReference(): string {
  const rows = listCommands()
    .filter(({ options }) => options.includes("--json"))
    .map(
      ({ words }) =>
        `| \`reliq ${words}\` | ${titleOf(words)} | [schema](../../packages/cli/schemas/${fileOf(words)}) |`,
    );
  return [INTRODUCTION, ...rows, ""].join("\n");
}

const INTRODUCTION = `# JSON of the command line: reference

What each command prints with \`--json\`. This page is made from the commands and their schemas by \`npm run reference\`, and a test holds it true.

- It is alone on stdout. What else there is to say is on stderr, such as the progress of a game day; where a command could not be carried out, only that. The exit code is the same as without it.
- A schema is JSON Schema, draft 2020-12, and names each field that there is. They ship in the package: \`import schema from "reliq/schemas/queues.json"\`. They refer to
  [definitions.json](../../packages/cli/schemas/definitions.json), relative to themselves.
- Times that end in \`Ms\` are milliseconds since the Unix epoch. Control characters in texts are written as JSON's own escapes.
- \`reliq tail\` prints one object a line, each as its schema says, as long as it runs.
- \`run\`, \`local start\`, \`local reset\`, \`console\` and \`completion\` have none.

| Command | What it answers | |
|---|---|---|`;

function entriesOf(command: Command, above: readonly string[]): readonly CommandEntry[] {
  const words = [...above, command.name()];
  const options = command.options.flatMap(({ long }) => long ?? []);
  // A noun does something by itself where it can say it as JSON, too.
  const own = command.commands.length === 0 || options.includes("--json") ? [{ words: words.join(" "), options }] : [];
  return [...own, ...command.commands.flatMap((each) => entriesOf(each, words))];
}

function titleOf(words: string): string {
  const schema = schemaOf(words);
  if (!existsSync(schema)) throw new Error(`\`reliq ${words}\` has --json and no schema ${schema.pathname}.`);
  return (JSON.parse(readFileSync(schema, "utf8")) as { readonly title: string }).title;
}

function fileOf(words: string): string {
  return schemaOf(words).pathname.split("/").at(-1) ?? "";
}
