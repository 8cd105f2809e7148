import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { median } from "./compare.ts";

/** What a function has to load for a consumer, the SDK and the validator apart: `importMs` is what its import takes longer than the SDK's own. */
export interface Size {
  readonly importMs: number;
  readonly importMsWithoutTelemetry: number;
  readonly bundleKbGzip: number;
  readonly bundleKbGzipWithoutTelemetry: number;
}

/** Loads of each; the median counts. */
const LOADS = 15;

const PLAIN = `export { consumer } from "@reliq/core"; export { lambdaHandler, portsFromEnvironment } from "@reliq/aws";`;
const TRACED = `${PLAIN} export { emfMetrics, traced } from "@reliq/aws/telemetry";`;
const LEFT_OUT = [
  "RELIQ_FAIL_FAST",
  "RELIQ_FIFO",
  "RELIQ_LARGE_BODIES",
  "RELIQ_QUARANTINE",
  "RELIQ_TRANSACTIONAL_EFFECT",
  "RELIQ_WORKER",
];
const SDK = ["@aws-sdk/client-dynamodb", "@aws-sdk/client-sqs", "@aws-sdk/util-dynamodb"];

/** Bundles a consumer with and without telemetry, and loads each in fresh processes that have the SDK already. */
export async function measureSize(): Promise<Size> {
  mkdirSync("build", { recursive: true });
  const folder = mkdtempSync(join("build", "consumer-size-"));
  try {
    const plain = await measure(PLAIN, join(folder, "plain.mjs"));
    const traced = await measure(TRACED, join(folder, "traced.mjs"));
    return {
      importMs: traced.importMs,
      importMsWithoutTelemetry: plain.importMs,
      bundleKbGzip: traced.kb,
      bundleKbGzipWithoutTelemetry: plain.kb,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(contents: string, outfile: string): Promise<{ importMs: number; kb: number }> {
  await build({
    stdin: { contents, resolveDir: "bench" },
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    conditions: ["@reliq/source", "module"],
    external: ["@aws-sdk/*"],
    // As the Consumer construct bundles a function of which nothing but queue, journal and entry are said.
    define: Object.fromEntries(LEFT_OUT.map((name) => [`process.env.${name}`, '"none"'])),
  });
  const code = readFileSync(outfile, "utf8");
  const kb = Number((gzipSync(code).length / 1_000).toFixed(1));
  // Whoever uses the SDK imports it: what a module costs that only does that is the SDK's own.
  const onlySdk = outfile.replace(".mjs", "-sdk.mjs");
  writeFileSync(onlySdk, (code.match(/import\{[^}]*\}from"@aws-sdk[^"]*";?/g) ?? []).join("\n"));
  // In turns, so that what else the machine does meets both.
  const loads = Array.from({ length: LOADS }, () => [load(outfile), load(onlySdk)] as const);
  const wholeMs = median(loads.map(([whole]) => whole));
  const sdkMs = median(loads.map(([, sdk]) => sdk));
  const importMs = Number((wholeMs - sdkMs).toFixed(1));
  const telemetry = outfile.endsWith("plain.mjs") ? "without telemetry" : "with telemetry";
  console.error(
    `size  ${telemetry}: ${kb} kB gzip; its import takes ${wholeMs.toFixed(1)} ms, of which importing the SDK once more ${sdkMs.toFixed(1)}`,
  );
  return { importMs, kb };
}

/** Milliseconds that the import takes in a process that has imported the SDK. */
function load(file: string): number {
  const script = `${SDK.map((name) => `await import("${name}");`).join("")}
    const began = performance.now(); await import("./${file}"); console.log(performance.now() - began);`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  return Number(stdout);
}
