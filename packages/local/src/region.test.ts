import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FixtureStack, writeAssembly } from "../test/assembly-fixture.ts";
import { type Region, type RegionOptions, startRegion } from "./region.ts";
import type { RegionStatus } from "./region-status.ts";

let directory: string;
let state: string;
const running: Region[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-region-"));
  state = join(directory, "state");
});
afterEach(async () => {
  for (const region of running.splice(0)) await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: Partial<RegionOptions> = {}): Promise<Region> {
  const region = await startRegion({ stateDirectory: state, port: 0, ...options });
  running.push(region);
  return region;
}

const stackOf = (Resources: object): FixtureStack => ({ template: { Resources } });
const queue = (QueueName: string, Properties: object = {}) => ({
  Type: "AWS::SQS::Queue",
  Properties: { QueueName, ...Properties },
});
const assemblyOf = (stacks: Record<string, FixtureStack>): string => writeAssembly(join(directory, "cdk.out"), stacks);
const visibilityOf = async (region: Region, name: string) => {
  const QueueUrl = `${region.endpoint}/000000000000/${name}`;
  const { Attributes } = await region.call("sqs", "GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] });
  const { VisibilityTimeout, ApproximateNumberOfMessages } = Attributes as Record<string, string>;
  return { VisibilityTimeout, ApproximateNumberOfMessages };
};

test("deploys its assembly at the start, and a changed one while it runs, keeping the messages", async () => {
  const region = await start({
    assembly: assemblyOf({ Shop: stackOf({ Q: queue("orders", { VisibilityTimeout: 6 }) }) }),
  });
  await region.call("sqs", "SendMessage", { QueueUrl: `${region.endpoint}/000000000000/orders`, MessageBody: "one" });
  const changed = stackOf({ Q: queue("orders", { VisibilityTimeout: 9 }), R: queue("more") });
  const deployment = await region.deploy(assemblyOf({ Shop: changed }));
  expect(deployment.stacks).toMatchObject([
    { name: "Shop", status: "UPDATE_COMPLETE", changes: [{ logicalId: "Q" }, { logicalId: "R" }] },
  ]);
  expect(await visibilityOf(region, "orders")).toEqual({ VisibilityTimeout: "9", ApproximateNumberOfMessages: "1" });
});

test("two deployments at once come one after the other", async () => {
  const region = await start();
  const one = writeAssembly(join(directory, "one"), { Shop: stackOf({ A: queue("a") }) });
  const two = writeAssembly(join(directory, "two"), { Shop: stackOf({ B: queue("b") }) });
  await Promise.all([region.deploy(one), region.deploy(two)]);
  expect((await region.call("sqs", "ListQueues", {}))["QueueUrls"]).toEqual([`${region.endpoint}/000000000000/b`]);
});

test("a refused deployment leaves the running region as it was, and the next one works", async () => {
  const region = await start({ assembly: assemblyOf({ Shop: stackOf({ A: queue("a") }) }) });
  await expect(region.deploy(join(directory, "none"))).rejects.toThrow("There is no cloud assembly");
  await region.deploy(assemblyOf({ Shop: stackOf({ A: queue("a"), B: queue("b") }) }));
  expect(region.status().stacks).toMatchObject([{ name: "Shop", resources: 2 }]);
});

test("a stack that left the assembly is noted until it is deleted", async () => {
  const region = await start({ assembly: assemblyOf({ Old: stackOf({ A: queue("a") }) }) });
  await region.deploy(writeAssembly(join(directory, "new.out"), { New: stackOf({ B: queue("b") }) }));
  expect(region.status().notes).toEqual([
    "Stack Old is not in this assembly; it stays, with its data; DeleteStack removes it.",
  ]);
  await region.call("cloudformation", "DeleteStack", { StackName: "Old" });
  expect(region.status()).toMatchObject({ notes: [], stacks: [{ name: "New" }] });
});

test("a restart without an assembly goes on with what was deployed, and says which stacks hold another address", async () => {
  const assembly = assemblyOf({ Shop: stackOf({ Q: queue("orders") }) });
  const first = await start({ assembly });
  const endpoint = first.endpoint;
  await first.stop();
  const second = await start();
  expect(second.status().stacks).toMatchObject([{ name: "Shop", status: "CREATE_COMPLETE", resources: 1 }]);
  expect(second.status().notes).toEqual([
    `Stack Shop holds addresses at ${endpoint}: deploy its assembly again to bring it here.`,
  ]);
  await second.deploy(assembly);
  expect(second.status().notes).toEqual([]);
});

test("the status says what runs, and what has no effect here", async () => {
  const assembly = assemblyOf({ Shop: stackOf({ Q: queue("orders"), R: { Type: "AWS::IAM::Role" } }) });
  const { endpoint } = await start({ assembly });
  const status = (await (await fetch(`${endpoint}/_reliq/status`)).json()) as RegionStatus;
  expect(status).toMatchObject({
    pid: process.pid,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    endpoint,
    stateDirectory: state,
    uptimeSeconds: expect.any(Number),
    services: expect.arrayContaining(["cloudformation", "sqs"]),
    stacks: [{ name: "Shop", status: "CREATE_COMPLETE", resources: 2, outputs: {} }],
    notes: ["access is not checked locally: AWS::IAM::Role (1)"],
  });
  expect(Date.parse(status.startedAt)).toBeLessThanOrEqual(Date.now());
});

const post = (endpoint: string, path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(endpoint + path, { method: "POST", body: JSON.stringify(body), headers });

test("an assembly can be deployed from another process, and a refusal says why", async () => {
  const { endpoint } = await start();
  const assembly = assemblyOf({ Shop: stackOf({ Q: queue("orders") }) });
  const answer = await post(endpoint, "/_reliq/deploy", { assembly });
  expect(await answer.json()).toMatchObject({
    stacks: [{ name: "Shop", status: "CREATE_COMPLETE", changes: [{ change: "created" }] }],
  });
  const refusal = await post(endpoint, "/_reliq/deploy", { assembly: join(directory, "none") });
  expect(refusal.status).toBe(400);
  expect(await refusal.json()).toMatchObject({ message: expect.stringContaining("There is no cloud assembly at") });
  expect((await post(endpoint, "/_reliq/deploy", {})).status).toBe(400);
});

test("the region can be stopped from another process, and its state is free then", async () => {
  const region = await start();
  expect((await post(region.endpoint, "/_reliq/stop", {})).status).toBe(200);
  await region.stopped;
  await start();
});

test("a page of another site can neither read nor stop the region", async () => {
  const { endpoint } = await start();
  const origin = { origin: "https://elsewhere.example" };
  expect((await fetch(`${endpoint}/_reliq/status`, { headers: origin })).status).toBe(403);
  expect((await post(endpoint, "/_reliq/stop", {}, origin)).status).toBe(403);
  expect((await fetch(`${endpoint}/_reliq/status`, { headers: { origin: endpoint } })).status).toBe(200);
});

test("a resource that matters and is not supported stops the start by name, and the state can be used at once", async () => {
  const assembly = assemblyOf({ Shop: stackOf({ V: { Type: "AWS::EC2::Instance" } }) });
  await expect(start({ assembly })).rejects.toThrow(
    "Stack Shop: V has the type AWS::EC2::Instance, which the local region",
  );
  await start();
});

test("a taken port is one line that says what to do, and the state can be used at once", async () => {
  const { endpoint } = await start();
  const port = Number(new URL(endpoint).port);
  const other = join(directory, "other");
  await expect(start({ port, stateDirectory: other })).rejects.toThrow(
    `Port ${port} is taken: another region may be running (\`reliq local status\`). Stop it, or choose another with --port N.`,
  );
  await start({ stateDirectory: other });
});

test("a second region on one state directory is refused, and the first goes on", async () => {
  const first = await start();
  await expect(start()).rejects.toThrow(/cannot be used: .* Another region is running on it: stop that one/);
  expect((await fetch(`${first.endpoint}/_reliq/status`)).status).toBe(200);
});

test("a state file that is no database is refused and left as it is", async () => {
  mkdirSync(state);
  writeFileSync(join(state, "region.sqlite"), "this is not a database, and was one".repeat(100));
  await expect(start()).rejects.toThrow(/Nothing was changed. Restore the file from a copy/);
});

test("a state file with a damaged page is refused", async () => {
  const region = await start({ assembly: assemblyOf({ Shop: stackOf({ Q: queue("orders") }) }) });
  await region.stop();
  const path = join(state, "region.sqlite");
  const bytes = readFileSync(path);
  for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0x5a, at, at + 2048);
  writeFileSync(path, bytes);
  await expect(start()).rejects.toMatchObject({ code: "state-corrupt" });
});

test("a state file of another layout is refused with both versions", async () => {
  mkdirSync(state);
  const database = new DatabaseSync(join(state, "region.sqlite"));
  database.exec("PRAGMA user_version = 99");
  database.close();
  await expect(start()).rejects.toThrow(/it has layout 99, and this version of Reliq reads \d+. Nothing was changed/);
});

test("a state directory that is a file is refused", async () => {
  writeFileSync(state, "");
  await expect(start()).rejects.toThrow("Give a directory with --state DIR.");
});

test.skipIf(process.getuid?.() === 0)(
  "a read-only state directory is refused (skipped for root, whom nothing stops)",
  async () => {
    mkdirSync(state);
    chmodSync(state, 0o500);
    await expect(start()).rejects.toThrow("Make the directory writable, or give another with --state DIR.");
  },
);
