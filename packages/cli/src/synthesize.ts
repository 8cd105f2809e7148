import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandError } from "./command-error.ts";

/**
 * Synthesizes a CDK app into an assembly with the app's own `cdk` command, with context over that of its cdk.json.
 * @throws CommandError with what the command printed
 */
export async function synthesize(
  app: string,
  assembly: string,
  context: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!existsSync(join(app, "cdk.json"))) {
    throw new CommandError(`${resolve(app)} is not a CDK app: it has no cdk.json. Give the folder of an app.`);
  }
  const over = Object.entries(context).flatMap(([name, value]) => ["--context", `${name}=${value}`]);
  const args = ["synth", "--quiet", "--no-notices", "--no-version-reporting", "--output", resolve(assembly), ...over];
  const cdk = spawn("npx", ["--no-install", "cdk", ...args], { cwd: app, shell: process.platform === "win32" });
  const printed: Buffer[] = [];
  cdk.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  cdk.stderr.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((done, failed) => cdk.on("close", done).on("error", failed));
  const output = Buffer.concat(printed).toString("utf8").trim();
  if (code !== 0) throw new CommandError(`Synthesizing ${app} failed:\n${output}`);
  const warnings = output.split("\n").filter((line) => /\[(warning|error)/i.test(line));
  for (const line of warnings) console.error(line);
}
