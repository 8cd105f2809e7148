import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAssembly, writeJson } from "../../test/assembly-fixture.ts";
import { loadAssembly } from "./load-assembly.ts";

const QUEUE = { Resources: { Q: { Type: "AWS::SQS::Queue" } } };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-assembly-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("reads stacks with their names, dependencies and assets, those of nested stages too", () => {
  writeAssembly(
    directory,
    {
      Functions: { template: QUEUE, dependencies: ["Queues"], assets: { "abc.zip": { "index.mjs": "" } } },
      Queues: { template: QUEUE, stackName: "the-queues" },
    },
    { stages: { "assembly-Prod": { ProdQueues: { template: QUEUE, stackName: "Prod-Queues" } } } },
  );
  const assembly = loadAssembly(directory);
  expect(assembly.stacks.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
    ["Prod-Queues", []],
    ["Functions", ["the-queues"]],
    ["the-queues", []],
  ]);
  expect(assembly.assets.get("abc.zip")).toBe(join(directory, "asset.abc"));
});

test("a directory that is missing is one line that says to synthesize", () => {
  const path = join(directory, "none");
  expect(() => loadAssembly(path)).toThrow(`There is no cloud assembly at ${path}: run npx cdk synth first.`);
});

test("a directory without a manifest is refused by the manifest's path", () => {
  expect(() => loadAssembly(directory)).toThrow(/The assembly's manifest .*manifest\.json is missing/);
});

test("a manifest that is not JSON is refused", () => {
  writeFileSync(join(directory, "manifest.json"), "{");
  expect(() => loadAssembly(directory)).toThrow(/manifest\.json cannot be read/);
});

test("an assembly of a newer schema is refused with both versions", () => {
  writeAssembly(directory, {}, { version: "999.0.0" });
  expect(() => loadAssembly(directory)).toThrow(/has schema 999\.0\.0, and this version of Reliq reads up to \d+/);
});

test("a missing template is refused with the stack's name", () => {
  writeAssembly(directory, { Queues: { template: QUEUE } });
  rmSync(join(directory, "Queues.template.json"));
  expect(() => loadAssembly(directory)).toThrow(/The template of stack Queues .*Queues\.template\.json is missing/);
});

test("a missing asset is refused by its path", () => {
  writeAssembly(directory, { F: { template: QUEUE, assets: { "abc.zip": { "index.mjs": "" } } } });
  rmSync(join(directory, "asset.abc"), { recursive: true });
  expect(() => loadAssembly(directory)).toThrow(/The asset .*asset\.abc is missing/);
});

test("a container image asset is refused by name", () => {
  writeAssembly(directory, { F: { template: QUEUE } });
  writeJson(join(directory, "F.assets.json"), { dockerImages: { cafe: {} } });
  expect(() => loadAssembly(directory)).toThrow(/container image asset cafe of F\.assets\.json is not supported/);
});

test("an asset that a command makes is refused by name", () => {
  writeAssembly(directory, { F: { template: QUEUE } });
  writeJson(join(directory, "F.assets.json"), { files: { cafe: { source: { executable: ["make"] } } } });
  expect(() => loadAssembly(directory)).toThrow(/The asset cafe is made by a command/);
});

test("a context value that synthesis could not look up is refused by name", () => {
  writeAssembly(directory, {});
  writeJson(join(directory, "manifest.json"), { version: "55.0.0", missing: [{ key: "vpc-provider:account=1" }] });
  expect(() => loadAssembly(directory)).toThrow(/lacks the context value vpc-provider:account=1/);
});

test("two stacks of one name are refused", () => {
  writeAssembly(directory, { A: { template: QUEUE, stackName: "same" }, B: { template: QUEUE, stackName: "same" } });
  expect(() => loadAssembly(directory)).toThrow("Two stacks are called same");
});

test.each([
  ["a section", { Hooks: {} }, "the template section Hooks"],
  ["a transform", { Transform: "AWS::Serverless-2016-10-31" }, 'the transform "AWS::Serverless-2016-10-31"'],
  ["a rule", { Rules: { Mine: {} } }, "the rule Mine"],
  ["a loop", { Resources: { "Fn::ForEach::Q": [] } }, "the resource Fn::ForEach::Q"],
  ["a resource attribute", { Resources: { Q: { Type: "T", CreationPolicy: {} } } }, "attribute CreationPolicy of Q"],
  ["a policy", { Resources: { Q: { Type: "T", DeletionPolicy: "Keep" } } }, 'the policy "Keep" of Q'],
])("%s that is not known is refused by name", (_, template, name) => {
  writeAssembly(directory, { S: { template } });
  expect(() => loadAssembly(directory)).toThrow(name);
});
