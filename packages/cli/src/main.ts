import { enableCompileCache } from "node:module";
import { styleText } from "node:util";
import { CommandError } from "./command-error.ts";

// What is loaded from here on is compiled once on a machine, and not at each command.
enableCompileCache();
// The channel tells of a parent's end (bin/reliq.js); alone it does not keep a command running.
process.channel?.unref();

try {
  const { reliqProgram } = await import("./program.ts");
  await reliqProgram().parseAsync();
} catch (error) {
  console.error(styleText("red", messageOf(error), { stream: process.stderr }));
  if (process.env["DEBUG"]) console.error(error);
  process.exitCode = error instanceof CommandError ? error.exitCode : 1;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== "CredentialsProviderError") return error.message;
  return `There are no AWS credentials: ${error.message}. Is the profile in the AWS configuration, and its session not over? AWS is asked by --profile NAME, or by the environment.`;
}
