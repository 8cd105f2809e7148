import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A file to plant, and a part of the refusal that it must meet; an empty one means that it is allowed. */
type Plant = readonly [path: string, source: string, refusal: string];

const importing = (source: string): string => `import { x } from "${source}";\nexport const y: unknown = x;\n`;
const lines = (count: number, line: string): string => `${line}\n`.repeat(count);

const CORE_IMPORT = "@reliq/core imports nothing but";
const IMPURE = "@reliq/core has no clock and no randomness";
const ENTRY = "through its public entries";
const APP = "Nothing imports an app";

const LINTED: readonly Plant[] = [
  ["packages/core/src/a/node.ts", importing("node:fs"), CORE_IMPORT],
  ["packages/core/src/a/node-later.ts", 'export const x: unknown = import("node:fs");', CORE_IMPORT],
  ["packages/core/src/a/node-again.ts", 'export { readFileSync } from "node:fs";', CORE_IMPORT],
  ["packages/core/src/a/library.ts", importing("valibot"), CORE_IMPORT],
  ["packages/core/src/a/aws.ts", importing("@reliq/aws"), CORE_IMPORT],
  ["packages/core/testing/a/node.ts", importing("node:fs"), CORE_IMPORT],
  ["packages/core/src/a/aws-source.ts", importing("../../../aws/src/index.ts"), ENTRY],
  ["packages/core/src/a/now.ts", "export const x: number = Date.now();", IMPURE],
  ["packages/core/src/a/clock.ts", "export const x: () => number = Date.now;", IMPURE],
  ["packages/core/src/a/today.ts", "export const x: Date = new Date();", IMPURE],
  ["packages/core/src/a/today-text.ts", "export const x: string = Date();", IMPURE],
  ["packages/core/src/a/random.ts", "export const x: number = Math.random();", IMPURE],
  ["packages/core/src/a/taken-apart.ts", "const { random } = Math;\nexport const x: number = random();", IMPURE],
  ["packages/core/src/a/global.ts", "export const x: unknown = globalThis;", IMPURE],
  ["packages/core/src/a/given-time.ts", "export const x: Date = new Date(0);", ""],
  ["packages/core/src/a/schema.ts", importing("@standard-schema/spec"), ""],
  ["packages/aws/src/a/cdk.ts", importing("aws-cdk-lib"), "and no constructs"],
  ["packages/aws/src/a/cdk-module.ts", importing("aws-cdk-lib/aws-sqs"), "and no constructs"],
  ["packages/aws/src/a/local.ts", importing("@reliq/local"), "@reliq/aws may import @reliq/core of ours"],
  ["packages/aws/src/a/local.test.ts", importing("@reliq/local"), ""],
  ["packages/aws/test/local.ts", importing("@reliq/local"), ""],
  ["packages/aws/test/local-source.ts", importing("../../local/src/index.ts"), ENTRY],
  ["packages/cdk/src/a/sdk.ts", importing("@aws-sdk/client-sqs"), "functions come in only as bundles"],
  ["packages/cdk/src/a/aws.ts", importing("@reliq/aws"), "functions come in only as bundles"],
  ["packages/local/src/a/cdk.ts", importing("@reliq/cdk"), "never imports cdk"],
  ["packages/local/src/a/cdk-library.ts", importing("aws-cdk-lib"), "never imports cdk"],
  ["packages/local/src/a/app.ts", importing("../../../../apps/store-events/app.ts"), APP],
  ["packages/local/src/a/app-later.ts", 'export const x: unknown = import("../../../apps/x/app.ts");', APP],
  ["packages/cli/src/a/cdk.ts", importing("@reliq/cdk"), "The command line may import"],
  ["packages/cli/src/a/core-source.ts", importing("@reliq/core/src/errors.ts"), ENTRY],
  ["packages/console/src/a/core.ts", importing("@reliq/core"), "@reliq/console may import the API's contract"],
  ["packages/console/src/a/aws.ts", importing("@reliq/aws"), "@reliq/console may import the API's contract"],
  ["packages/console/src/a/files.ts", importing("node:fs"), "@reliq/console may import the API's contract"],
  ["packages/console/src/a/contract.ts", importing("@reliq/core/recovery"), ""],
  ["packages/cli/src/a/console.ts", importing("@reliq/console"), ""],
  ["apps/self-healing/core-source.ts", importing("../../packages/core/src/errors.ts"), ENTRY],
  ["apps/self-healing/core-built.ts", importing("@reliq/core/dist/errors.js"), ENTRY],
  ["apps/self-healing/app.ts", importing("../store-events/app.ts"), APP],
  ["apps/self-healing/handlers/own.ts", importing("../domain/own.ts"), ""],
  ["apps/self-healing/core.ts", importing("@reliq/core/testing"), ""],
  ["test/app.ts", importing("../apps/store-events/app.ts"), APP],
  ["scripts/reference.ts", importing("../packages/local/src/region.ts"), ENTRY],
  ["packages/aws/src/a/default.ts", "export default 5;", "lint/style/noDefaultExport"],
  ["packages/aws/src/a/everything.ts", 'export * from "./default.ts";', "lint/performance/noReExportAll"],
  ["packages/aws/src/a/camelCase.ts", "export const x: number = 5;", "lint/style/useFilenamingConvention"],
  ["packages/aws/src/a/unused.ts", "const x = 5;", "lint/correctness/noUnusedVariables"],
  [
    "packages/aws/src/a/long-function.ts",
    `export function x(y: number): number {\n${lines(70, "  y += 1;")}  return y;\n}\n`,
    "lint/complexity/noExcessiveLinesPerFunction",
  ],
  [
    "packages/aws/src/a/long-file.ts",
    `export const x: number[] = [\n${lines(299, "  1,")}];\n`,
    "lint/style/noExcessiveLinesPerFile",
  ],
  ["packages/aws/src/a/full-file.ts", `export const x: number[] = [\n${lines(298, "  1,")}];\n`, ""],
];

/** What core cannot even name, because it compiles without the platform's types. */
const COMPILED: readonly Plant[] = [
  ["packages/core/src/b/fetch.ts", 'export const x: unknown = fetch("http://x");', "Cannot find name 'fetch'"],
  ["packages/core/src/b/timer.ts", "setTimeout(() => {}, 1);\nexport {};", "Cannot find name 'setTimeout'"],
  ["packages/core/src/b/console.ts", "console.log(1);\nexport {};", "Cannot find name 'console'"],
  ["packages/core/src/b/process.ts", "export const x: unknown = process;", "Cannot find name 'process'"],
  ["packages/core/src/b/crypto.ts", "export const x: unknown = crypto;", "Cannot find name 'crypto'"],
  ["packages/core/src/b/performance.ts", "export const x: unknown = performance;", "Cannot find name 'performance'"],
  ["packages/core/src/b/buffer.ts", "export const x: unknown = Buffer;", "Cannot find name 'Buffer'"],
  ["packages/core/src/b/enum.ts", "export enum X {\n  A,\n}\n", "'erasableSyntaxOnly'"],
  ["packages/core/src/b/pure.ts", "export const x: number = 5;", ""],
];

let tree = "";
let linted = new Map<string, string>();
let compiled = new Map<string, string>();

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "reliq-boundaries-"));
  for (const path of [
    "biome.json",
    ".gitignore",
    "scripts",
    "tsconfig.base.json",
    "packages/core/package.json",
    "packages/core/tsconfig.json",
  ]) {
    cpSync(join(ROOT, path), join(tree, path), { recursive: true });
  }
  for (const [path, source] of [...LINTED, ...COMPILED]) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${source.trimEnd()}\n`);
  }
  linted = lint();
  compiled = compile();
});

afterAll(() => rmSync(tree, { recursive: true }));

test.each(LINTED.filter(isRefused))("the linter refuses %s", (path, _, refusal) => {
  expect(linted.get(path)).toContain(refusal);
});

test.each(LINTED.filter((plant) => !isRefused(plant)))("the linter allows %s", (path) => {
  expect(linted.get(path)).toBeUndefined();
});

test.each(COMPILED.filter(isRefused))("the compiler refuses %s", (path, _, refusal) => {
  expect(compiled.get(path)).toContain(refusal);
});

test.each(COMPILED.filter((plant) => !isRefused(plant)))("the compiler allows %s", (path) => {
  expect(compiled.get(path)).toBeUndefined();
});

function isRefused([, , refusal]: Plant): boolean {
  return refusal !== "";
}

/** What Biome says of each planted file. */
function lint(): Map<string, string> {
  const report = run("biome", ["lint", "--vcs-enabled=false", "--max-diagnostics=none", "--reporter=json", "."]);
  const { diagnostics } = JSON.parse(report.slice(report.indexOf("{"))) as {
    diagnostics: { category: string; message: string; location: { path: string } }[];
  };
  return byPath(diagnostics.map(({ category, message, location }) => [location.path, `${category} ${message}`]));
}

/** What the compiler says of each planted file of core. */
function compile(): Map<string, string> {
  const report = run("tsc", ["--project", "packages/core", "--pretty", "false"]);
  return byPath(report.split("\n").map((line) => [line.slice(0, line.indexOf("(")), line]));
}

function byPath(found: readonly (readonly [path: string, refusal: string])[]): Map<string, string> {
  const groups = Map.groupBy(found, ([path]) => path);
  return new Map([...groups].map(([path, each]) => [path, each.map(([, refusal]) => refusal).join("\n")]));
}

function run(program: string, options: readonly string[]): string {
  const { stdout } = spawnSync(join(ROOT, "node_modules/.bin", program), options, {
    cwd: tree,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return stdout;
}
