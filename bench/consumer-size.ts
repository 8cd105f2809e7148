import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { median } from "./compare.ts";

/** What a function has to load for a consumer, the SDK and the validator apart. */
export interface Size {
  readonly importMs: number;
  readonly importMsWithoutTelemetry: number;
  readonly bundleKbGzip: number;
  readonly bundleKbGzipWithoutTelemetry: number;
}

/** Loads that count; the median does. */
const LOADS = 11;

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
  // What a module costs that only imports the same: to be known beside the number, and not taken off it.
  const onlyImports = outfile.replace(".mjs", "-imports.mjs");
  writeFileSync(onlyImports, (code.match(/import\{[^}]*\}from"[^"]*";?/g) ?? []).join("\n"));
  const [importMs, importsMs] = [medianLoad(outfile), medianLoad(onlyImports)];
  const telemetry = outfile.endsWith("plain.mjs") ? "without telemetry" : "with telemetry";
  console.error(
    `size  ${telemetry}: ${kb} kB gzip, ${importMs} ms, of which its imports of the SDK alone ${importsMs}`,
  );
  return { importMs, kb };
}

function medianLoad(file: string): number {
  return Number(median(Array.from({ length: LOADS }, () => load(file))).toFixed(1));
}

/** Milliseconds that the import takes in a process that has imported the SDK. */
function load(file: string): number {
  const script = `${SDK.map((name) => `await import("${name}");`).join("")}
    const began = performance.now(); await import("./${file}"); console.log(performance.now() - began);`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  return Number(stdout);
}
