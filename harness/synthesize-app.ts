import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Synthesizes the app in a folder as `cdk synth` does, with its cdk.json's context and these values over it. @throws an Error where the app ends with one; it has printed why */
export function synthesizeApp(folder: string, outdir: string, context: Readonly<Record<string, unknown>> = {}): void {
  const cdkJson = JSON.parse(readFileSync(join(folder, "cdk.json"), "utf8")) as { readonly context?: object };
  execFileSync(process.execPath, ["--conditions=@reliq/source", "app.ts"], {
    cwd: folder,
    env: {
      ...process.env,
      CDK_OUTDIR: resolve(outdir),
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...context }),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
