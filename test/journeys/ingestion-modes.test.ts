import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { readFindings } from "./findings.ts";
import { useIngestionApp, WAIT } from "./ingestion-app.ts";

const app = useIngestionApp();
const { preview, postNew, missingOf, setMode, readNotices, readAccount } = app;

test("slow_downstream opens the breaker, which keeps events waiting and lets them through again, and none is dead-lettered", async () => {
  await setMode("slow_downstream");
  const ids: string[] = [];
  const breaker = async (): Promise<boolean> => {
    const Key = { pk: { S: "breaker#fulfilment" }, sk: { S: "breaker" } };
    const get = new GetItemCommand({ TableName: "ingestion-dev-journal", Key });
    return (await new DynamoDBClient(app.running().settings).send(get)).Item !== undefined;
  };
  const isOpen = async (): Promise<boolean> => {
    await postNew(ids, "slow", 10);
    return breaker();
  };
  await expect.poll(isOpen, { timeout: 60_000, interval: 6_000 }).toBe(true);
  await setMode("none");
  await expect.poll(missingOf(ids), { timeout: 150_000, interval: 1_000 }).toEqual([]);
  expect((await preview("minAgeSeconds=0")).body.found).toBe(0);
  // It lets what comes afterwards through at once.
  const later: string[] = [];
  await postNew(later, "after", 5);
  await expect.poll(missingOf(later), WAIT).toEqual([]);
}, 300_000);

test("with random_fail_p30 attempts fail and are tried again, until each event has its effect", async () => {
  await setMode("random_fail_p30");
  const ids: string[] = [];
  const hasFailed = async (): Promise<boolean> => {
    await postNew(ids, "random", 10);
    return (await readNotices()).some(({ type, errorName }) => type === "EventFailed" && errorName === "Error");
  };
  await expect.poll(hasFailed, { timeout: 60_000, interval: 1_000 }).toBe(true);
  // One of four hundred fails five times in a row, and is held.
  const undecided = async (): Promise<number> =>
    (await missingOf(ids)()).length - (await preview("minAgeSeconds=0&maxMessages=1000")).body.found;
  await expect.poll(undecided, { timeout: 240_000, interval: 1_000 }).toBe(0);
  await setMode("none");
}, 330_000);

test("with duplicate_submit each event is on the queue twice, and has one effect", async () => {
  await setMode("duplicate_submit");
  const ids: string[] = [];
  const acceptedByQueue = async (): Promise<number> => (await readAccount())?.accepted ?? 0;
  const before = await acceptedByQueue();
  const isDoubled = async (): Promise<boolean> => {
    await postNew(ids, "twice", 1);
    return (await acceptedByQueue()) - before > ids.length;
  };
  await expect.poll(isDoubled, { timeout: 60_000, interval: 1_000 }).toBe(true);
  await setMode("none");
  await expect.poll(missingOf(ids), WAIT).toEqual([]);
  for (const id of ids) expect((await readNotices(id)).length, id).toBeLessThanOrEqual(1);
}, 180_000);

test("doctor finds nothing wrong with what is deployed", async () => {
  const { found } = await readFindings(app.running().endpoint);
  // The queue that this test listens by is its own.
  expect(found.filter((each) => !each.endsWith(" heard"))).toEqual([]);
}, 90_000);

test("at the end every event that was accepted is accounted for", async () => {
  await expect
    .poll(readAccount, { timeout: 240_000, interval: 1_000 })
    .toMatchObject({ difference: 0, deadLettered: 0 });
  expect(app.undocumented).toEqual([]);
}, 270_000);
