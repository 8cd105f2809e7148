import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListMetricsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeQueryDefinitionsCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { emptyWidgets } from "reliq/gameday";
import { expect, test } from "vitest";
import { reliq } from "./command.ts";
import { useIngestionApp } from "./ingestion-app.ts";

const app = useIngestionApp({}, ["--jumps"]);
const { post, postNew, missingOf, preview, startRedrive, setMode } = app;

const LONG = { timeout: 150_000, interval: 1_000 };

/** How far the region's time has jumped, milliseconds. */
let aheadMs = 0;
const now = (): number => Date.now() + aheadMs;

async function jump(minutes: number): Promise<void> {
  const { code, output } = await reliq("local", "jump", `${minutes}m`, "--endpoint", app.running().endpoint);
  expect(code, output).toBe(0);
  aheadMs += minutes * 60_000;
}

const cloudwatch = (): CloudWatchClient => new CloudWatchClient(app.running().settings);

async function readAlarms(): Promise<readonly MetricAlarm[]> {
  return (await cloudwatch().send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
}

/** The state of the alarm on what is held of the queue, whose name CloudFormation made. */
async function heldState(): Promise<string | undefined> {
  return (await readAlarms()).find(({ MetricName }) => MetricName === "DLQ_Messages_Visible")?.StateValue;
}

/** What the region's outbox has: the e-mails that would have been sent. */
async function readMails(): Promise<string> {
  const body = new URLSearchParams({ Action: "ReliqListOutbox", Version: "2010-03-31" });
  return (await fetch(app.running().endpoint, { method: "POST", body })).text();
}

/** Rows of a saved query over the region's last hours, by field. */
async function ask(name: string): Promise<readonly Readonly<Record<string, string | undefined>>[]> {
  const logs = new CloudWatchLogsClient(app.running().settings);
  const named = new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: `ingestion-dev/${name}` });
  const [{ queryString, logGroupNames } = expect.fail(name)] = (await logs.send(named)).queryDefinitions ?? [];
  const startTime = Math.floor(now() / 1_000) - 7_200;
  const query = { queryString, logGroupNames, startTime, endTime: startTime + 7_260 };
  const { queryId } = await logs.send(new StartQueryCommand(query));
  const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
  return results.map((row) => Object.fromEntries(row.map(({ field = "", value }) => [field, value])));
}

const ids: string[] = [];
const twice: string[] = [];

test("messages that fail turn the critical alarm on, and an e-mail says so", async () => {
  await setMode("duplicate_submit");
  const isDoubled = async (): Promise<boolean> => {
    await postNew(twice, "twice", 1);
    return (await ask("idempotency")).some(({ repeated }) => Number(repeated) > 0);
  };
  await expect.poll(isDoubled, LONG).toBe(true);
  await setMode("poison_payload");
  const isPoisoned = async (): Promise<boolean> => {
    await postNew(ids, "poison", 1);
    return (await preview("errorType=SchemaValidationError&minAgeSeconds=0")).body.toRedrive > 0;
  };
  await expect.poll(isPoisoned, LONG).toBe(true);
  await post({ orderId: "", amount: 1 });
  await jump(6);
  await expect.poll(heldState, LONG).toBe("ALARM");
  await expect.poll(readMails, LONG).toMatch(/ALARM: .*Runbook: docs\/runbooks\/dead-letter-queue\.md/s);
}, 500_000);

test("the alarm is off again once what was held has been redriven", async () => {
  await setMode("none");
  const redrive = { maxMessages: 100, errorType: "SchemaValidationError", minAgeSeconds: 35, perMessageDelayJitter: 1 };
  const isOver = async (): Promise<boolean> => {
    if ((await missingOf(ids)()).length === 0) return true;
    await startRedrive(redrive);
    return false;
  };
  await expect.poll(isOver, { timeout: 240_000, interval: 2_000 }).toBe(true);
  await jump(6);
  await expect.poll(heldState, LONG).toBe("OK");
}, 500_000);

test("every saved query finds what happened", async () => {
  expect(await ask("errors")).toContainEqual(
    expect.objectContaining({ event: "attempt-failed", category: "validation", messageId: expect.anything() }),
  );
  expect((await ask("performance")).map((row) => row["@log"]?.split(":")[1]).sort()).toEqual(
    ["ingest", "redrive", "worker"].map((name) => `/aws/lambda/ingestion-dev-${name}`),
  );
  for (const row of await ask("performance")) expect(Number(row["p99Ms"])).toBeGreaterThan(0);
  const sum = (rows: readonly Readonly<Record<string, string | undefined>>[], field: string): number =>
    rows.reduce((total, row) => total + Number(row[field]), 0);
  const batches = await ask("idempotency");
  expect(sum(batches, "processed")).toBe(ids.length + twice.length);
  expect(sum(batches, "repeated")).toBeGreaterThan(0);
  const [failure] = await ask("failure-modes");
  expect(failure).toMatchObject({ queue: "ingestion-dev-events", category: "validation" });
}, 60_000);

test("every widget of the dashboard shows data, and every alarm that it shows is there", async () => {
  const { widgets, empty } = await emptyWidgets(app.running().settings, "IngestionLab-dev", now());
  expect(widgets).toBeGreaterThan(10);
  expect(empty).toEqual([]);
  const get = new GetDashboardCommand({ DashboardName: "IngestionLab-dev" });
  const { DashboardBody = "" } = await cloudwatch().send(get);
  const shown = DashboardBody.match(/arn:aws:cloudwatch:[^"]*:alarm:[^"]*/g) ?? [];
  expect(shown.toSorted()).toEqual((await readAlarms()).map(({ AlarmArn }) => AlarmArn).toSorted());
}, 60_000);

test("the metric of events counts what ingest logs, as what the worker does", async () => {
  const { Metrics = [] } = await cloudwatch().send(
    new ListMetricsCommand({ Namespace: "Reliq/ingestion-dev", MetricName: "Events" }),
  );
  const events = Metrics.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value));
  expect(events).toEqual(expect.arrayContaining(["ingest-accepted", "event-processed", "attempt-failed"]));
}, 60_000);
