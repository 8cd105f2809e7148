import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ReliqError } from "@reliq/core";
import type { Policy } from "@reliq/core/recovery";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { buildSync } from "esbuild";

/** How to bundle. */
export interface BundleOptions {
  /** The export conditions that imports are resolved with. */
  readonly conditions: readonly string[];
  /** Whether the bundle carries its source map. */
  readonly sourceMap: boolean;
  /** What the function does not do: what `@reliq/aws` needs for that stays out. */
  readonly without: readonly LeftOut[];
  /** The policy that `recoveryFromEnvironment` of `@reliq/aws/recovery` finds where its code gives none. @default none */
  readonly policy?: Policy;
}

/** What a bundle can leave out: reading and storing large bodies (S3's client above all), effects that are DynamoDB writes, sending to the dead-letter queue, the order of groups, holding them, and what only a worker does. */
export type LeftOut =
  | "RELIQ_FAIL_FAST"
  | "RELIQ_FIFO"
  | "RELIQ_LARGE_BODIES"
  | "RELIQ_QUARANTINE"
  | "RELIQ_TRANSACTIONAL_EFFECT"
  | "RELIQ_WORKER";

/** CommonJS packages inside an ES module call `require`, which only CommonJS has; a global, because a declaration could clash with one of yours. */
const REQUIRE_FOR_COMMONJS =
  'globalThis.require ??= process.getBuiltinModule("node:module").createRequire(import.meta.url);';

/** Code for a Lambda function: a module's bundle, made while its stack is defined, and named after its own bytes. */
export function bundledCode(path: string, options: BundleOptions): Code {
  const entry = resolve(path);
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("never-pulled-because-bundling-is-local"),
      // The CDK keeps one bundle for each folder and command: without the entry in it, two functions of a folder would share one.
      command: [entry, JSON.stringify(options)],
      local: {
        tryBundle: (directory) => {
          bundle(entry, join(directory, "index.mjs"), options);
          return true;
        },
      },
    },
  });
}

/**
 * Bundles a module, by its absolute path, with all that it imports, the AWS SDK too: what ran here runs on AWS, whatever SDK the runtime there has.
 * The same sources give the same bytes, wherever the project lies and from wherever it is synthesized.
 * @throws ReliqError `bundle-without-handler` where the module exports no `handler`; what esbuild throws where it cannot be built.
 */
export function bundle(entry: string, outputFile: string, options: BundleOptions): void {
  const { metafile } = buildSync({
    entryPoints: [entry],
    outfile: outputFile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    // Once any is named, esbuild adds no "module" of its own: some packages would come as CommonJS, whole.
    conditions: [...options.conditions, "module"],
    keepNames: true,
    sourcemap: options.sourceMap ? "inline" : false,
    define: {
      ...Object.fromEntries(options.without.map((name) => [`process.env.${name}`, '"none"'])),
      // A variable of its environment could hold 4 KB, with all the others.
      ...(options.policy && { "process.env.RELIQ_POLICY": JSON.stringify(JSON.stringify(options.policy)) }),
    },
    banner: { js: REQUIRE_FOR_COMMONJS },
    absWorkingDir: dirname(entry),
    metafile: true,
    logLevel: "warning",
  });
  const exported = Object.values(metafile.outputs).flatMap((output) => output.exports);
  if (exported.includes("handler")) return;
  const found = exported.length === 0 ? "nothing" : exported.join(", ");
  throw new ReliqError(
    "bundle-without-handler",
    `${entry} exports ${found}; Lambda calls its export \`handler\`: add one.`,
  );
}

/** The conditions that a Node process was started with (`--conditions=x`, `-C x`), on its command line or in NODE_OPTIONS. */
export function conditionsOf(commandLine: readonly string[], nodeOptions: string = ""): string[] {
  const words = [...nodeOptions.split(/\s+/), ...commandLine];
  return words.flatMap((word, index) => {
    const inOneWord = /^(?:--conditions|-C)=(.+)$/.exec(word)?.[1];
    if (inOneWord !== undefined) return [inOneWord];
    const before = words[index - 1];
    return before === "--conditions" || before === "-C" ? [word] : [];
  });
}

/** Whether a value is the path of a module that is there. */
export function isEntry(path: unknown): boolean {
  return typeof path === "string" && /\.[cm]?[jt]sx?$/.test(path) && existsSync(path);
}
