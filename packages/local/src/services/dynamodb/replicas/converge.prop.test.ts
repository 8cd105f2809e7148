import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Members } from "../../../kernel/service.ts";
import { type Region, startRegion } from "../../../region.ts";

const NAMES = ["us-east-1", "eu-west-1"] as const;
const PATIENCE = { timeout: 60_000, interval: 20 };
const TableName = "items";

/** What a link does with what it is sent: it passes it on, takes nothing, or passes it on and loses the answer. */
type LinkState = "deaf" | "lossy" | "up";

interface Link {
  state: LinkState;
  readonly server: Server;
  readonly url: string;
}

let directory: string;
/** By the region that sends over it. */
let links: readonly [Link, Link];
let regions: readonly [Region, Region];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-converge-"));
  links = [await openLink(() => regions[1].endpoint), await openLink(() => regions[0].endpoint)];
  const start = (place: 0 | 1): Promise<Region> =>
    startRegion({
      stateDirectory: join(directory, NAMES[place]),
      port: 0,
      region: NAMES[place],
      peers: { [NAMES[1 - place] as string]: links[place].url },
      report: () => {},
    });
  regions = [await start(0), await start(1)];
  await regions[0].call("dynamodb", "CreateTable", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  });
  const ReplicaUpdates = [{ Create: { RegionName: NAMES[1] } }];
  await regions[0].call("dynamodb", "UpdateTable", { TableName, ReplicaUpdates });
}, 60_000);
afterAll(async () => {
  await Promise.all(regions.map((region) => region.stop()));
  for (const { server } of links) server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function openLink(target: () => string): Promise<Link> {
  const link: Omit<Link, "server" | "url"> = { state: "up" };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (link.state === "deaf") return response.destroy();
    const { "content-type": type = "", "x-amz-target": action = "" } = request.headers;
    const headers = { "content-type": type, "x-amz-target": String(action) };
    const answer = await fetch(target(), { method: "POST", headers, body });
    const text = await answer.text();
    return link.state === "lossy" ? response.destroy() : response.writeHead(answer.status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(link, { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const place = fc.constantFrom<0 | 1>(0, 1);
const key = fc.constantFrom("a", "b", "c");
const step = fc.oneof(
  fc.record({ kind: fc.constant("put"), at: place, keys: fc.uniqueArray(key, { minLength: 1 }) }),
  fc.record({ kind: fc.constant("delete"), at: place, keys: fc.uniqueArray(key, { minLength: 1 }) }),
  fc.record({ kind: fc.constant("link"), at: place, state: fc.constantFrom<LinkState>("deaf", "lossy", "up") }),
);

async function itemsOf(region: Region, run: string): Promise<readonly unknown[]> {
  const { Items } = await region.call("dynamodb", "Scan", { TableName, ConsistentRead: true });
  return (Items as readonly Members[]).filter(({ id }) => (id as { S: string }).S.startsWith(run));
}

async function untilJoined(): Promise<void> {
  const there = async () => (await regions[1].call("dynamodb", "ListTables", {}))["TableNames"];
  await expect.poll(there, PATIENCE).toEqual([TableName]);
}

test("a transaction arrives whole, however much waits for the link", async () => {
  await untilJoined();
  links[0].state = "deaf";
  const ids = Array.from({ length: 60 }, (_, index) => `whole-${index}`);
  for (let round = 1; round <= 30; round++) {
    const TransactItems = ids.map((id) => {
      return { Put: { TableName, Item: { id: { S: id }, round: { N: String(round) } } } };
    });
    await regions[0].call("dynamodb", "TransactWriteItems", { TransactItems });
  }
  links[0].state = "up";
  for (let rounds = new Set<unknown>(); !rounds.has("30"); await nextTurn()) {
    const items = (await itemsOf(regions[1], "whole-")) as readonly { readonly round: { readonly N: string } }[];
    expect([0, ids.length]).toContain(items.length);
    rounds = new Set(items.map(({ round }) => round.N));
    expect(rounds.size).toBeLessThan(2);
  }
}, 120_000);

test("whatever is written where, and whichever link is down or loses answers: once both are up, both regions have the same", async () => {
  await untilJoined();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const run = `run-${++runs}-`;
      for (const [position, each] of steps.entries()) {
        if ("state" in each) links[each.at].state = each.state;
        else {
          const TransactItems = each.keys.map((name) => {
            const Key = { id: { S: run + name } };
            if (each.kind === "delete") return { Delete: { TableName, Key } };
            return { Put: { TableName, Item: { ...Key, by: { S: `${NAMES[each.at]} ${position}` } } } };
          });
          await regions[each.at].call("dynamodb", "TransactWriteItems", { TransactItems });
        }
      }
      for (const link of links) link.state = "up";
      // What is written last, in each region, comes after all that it had to tell.
      for (const [index, region] of regions.entries()) {
        await region.call("dynamodb", "PutItem", { TableName, Item: { id: { S: `${run}end-${index}` } } });
      }
      const has = async (region: Region, end: string) => JSON.stringify(await itemsOf(region, run)).includes(end);
      await expect.poll(() => has(regions[1], `${run}end-0`), PATIENCE).toBe(true);
      await expect.poll(() => has(regions[0], `${run}end-1`), PATIENCE).toBe(true);
      expect(await itemsOf(regions[0], run)).toEqual(await itemsOf(regions[1], run));
    }),
    { numRuns: 15 },
  );
}, 240_000);
