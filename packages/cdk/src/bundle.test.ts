import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundle, conditionsOf, type LeftOut } from "./bundle.ts";
import { BundledFunction } from "./bundled-function.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-bundle-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function bundleOf(entry: string, conditions: readonly string[] = [], without: readonly LeftOut[] = []): string {
  const file = join(directory, "out", "index.mjs");
  bundle(entry, file, { conditions, sourceMap: false, without });
  return file;
}

function run(file: string): string {
  const code = `import(${JSON.stringify(file)}).then((bundle) => console.log(bundle.handler()))`;
  return execFileSync(process.execPath, ["--eval", code], { encoding: "utf8" }).trim();
}

describe("bundle", () => {
  test.each<[string, LeftOut, string]>([
    ["the client of S3 only where the function has large bodies", "RELIQ_LARGE_BODIES", "new GetObjectCommand"],
    [
      "transactions only where its effect is transactional",
      "RELIQ_TRANSACTIONAL_EFFECT",
      "new TransactWriteItemsCommand",
    ],
    ["sending to the dead-letter queue only where it fails fast", "RELIQ_FAIL_FAST", "new SendMessageCommand"],
    ["held groups only where it holds them", "RELIQ_QUARANTINE", "quarantine#"],
  ])("has %s", (_, name, code) => {
    const entry = join(import.meta.dirname, "../../../apps/store-events/handlers/consumer.ts");
    // What holds groups writes in transactions, too.
    const others: LeftOut[] = name === "RELIQ_QUARANTINE" ? [] : ["RELIQ_QUARANTINE"];
    const [having, without] = [others, [...others, name]].map((names) =>
      readFileSync(bundleOf(entry, ["@reliq/source"], names), "utf8"),
    );
    expect(having).toContain(code);
    expect(without).not.toContain(code);
  });

  test("has a producer's ledger, and DynamoDB's client, only where the producer has a ledger", () => {
    const aws = JSON.stringify(join(import.meta.dirname, "../../aws/src/index.ts"));
    const [having, without] = ["ledger: ledgerFromEnvironment()", ""].map((ledger, index) => {
      const entry = write(
        `handler-${index}.ts`,
        `import { ledgerFromEnvironment, producer } from ${aws}; export const handler = producer({ queueUrl: "http://queue", ${ledger} }).send;`,
      );
      return readFileSync(bundleOf(entry, ["@reliq/source"]), "utf8");
    });
    expect(having).toContain("new BatchExecuteStatementCommand");
    expect(without).not.toContain("BatchExecuteStatementCommand");
  });

  test("runs with CommonJS packages that require what Node brings", () => {
    write("node_modules/old/index.js", "module.exports = () => require('node:path').sep + require('os').EOL.length;");
    const entry = write("handler.ts", "import old from 'old'; export const handler = (): string => old();");
    expect(run(bundleOf(entry))).toBe("/1");
  });

  test("runs where a module makes a `require` of its own", () => {
    const entry = write(
      "handler.ts",
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); export const handler = () => require('node:path').sep;",
    );
    expect(run(bundleOf(entry))).toBe("/");
  });

  test("keeps the names of classes and functions that collide", () => {
    write("a.ts", "export class Fault extends Error {}");
    write("b.ts", "export class Fault extends Error {}");
    const entry = write(
      "handler.ts",
      "import { Fault as A } from './a.ts'; import { Fault as B } from './b.ts'; export const handler = () => A.name + B.name;",
    );
    expect(run(bundleOf(entry))).toBe("FaultFault");
  });

  test("resolves packages with the conditions it is given", () => {
    write("node_modules/both/package.json", '{"exports":{"source":"./source.mjs","default":"./dist.mjs"}}');
    write("node_modules/both/source.mjs", "export default 'source';");
    write("node_modules/both/dist.mjs", "export default 'dist';");
    const entry = write("handler.ts", "import both from 'both'; export const handler = () => both;");
    expect(run(bundleOf(entry))).toBe("dist");
    expect(run(bundleOf(entry, ["source"]))).toBe("source");
  });

  test("gives the same bytes wherever the project lies", () => {
    write("one/domain.ts", "export const answer: number = 42;");
    write("one/handlers/handler.ts", "import { answer } from '../domain.ts'; export const handler = () => answer;");
    cpSync(join(directory, "one"), join(directory, "deep/down/two"), { recursive: true });
    const first = readFileSync(bundleOf(join(directory, "one/handlers/handler.ts")));
    const second = readFileSync(bundleOf(join(directory, "deep/down/two/handlers/handler.ts")));
    expect(second.equals(first)).toBe(true);
  });

  test("refuses a module that Lambda could not call, by what it exports", () => {
    const entry = write("handler.ts", "export const handle = () => {};");
    expect(() => bundleOf(entry)).toThrow("handler.ts exports handle; Lambda calls its export `handler`: add one.");
  });
});

describe("a bundled function", () => {
  function assetsOf(entries: readonly string[], outdir: string): string[] {
    const app = new App({ builtinCloudFormationValidation: false, outdir: join(directory, outdir) });
    const stack = new Stack(app, "Test");
    for (const [index, entry] of entries.entries()) new BundledFunction(stack, `Function${index}`, { entry });
    return Object.values(Template.fromStack(stack).findResources("AWS::Lambda::Function")).map((each) =>
      String(each["Properties"].Code.S3Key).replace(".zip", ""),
    );
  }

  test("has a bundle of its own, also where two modules share a folder", () => {
    const entries = ["one", "two"].map((name) => write(`${name}.ts`, `export const handler = () => "${name}";`));
    const assets = assetsOf(entries, "cdk.out");
    expect(assets.map((asset) => run(join(directory, "cdk.out", `asset.${asset}`, "index.mjs")))).toEqual([
      "one",
      "two",
    ]);
  });

  test("takes a path from the folder in which the app runs", () => {
    const entry = write("handler.ts", "export const handler = () => 1;");
    expect(assetsOf([relative(process.cwd(), entry)], "relative.out")).toEqual(assetsOf([entry], "absolute.out"));
  });

  test("is named after its bytes: an equal bundle has an equal name, a changed one another", () => {
    const entry = write("handler.ts", "export const handler = () => 1;");
    const before = assetsOf([entry], "first.out");
    expect(assetsOf([entry], "second.out")).toEqual(before);
    write("handler.ts", "export const handler = () => 2;");
    expect(assetsOf([entry], "third.out")).not.toEqual(before);
  });
});

describe("conditionsOf", () => {
  test.each<[string, string[], string | undefined, string[]]>([
    ["one word", ["--conditions=@reliq/source", "--no-warnings"], undefined, ["@reliq/source"]],
    ["two words", ["--conditions", "a", "-C", "b"], undefined, ["a", "b"]],
    ["NODE_OPTIONS", ["--conditions=b"], "--max-old-space-size=100 -C a", ["a", "b"]],
    ["none", ["--test"], "", []],
  ])("reads the conditions of a process: %s", (_, commandLine, nodeOptions, conditions) => {
    expect(conditionsOf(commandLine, nodeOptions)).toEqual(conditions);
  });
});
