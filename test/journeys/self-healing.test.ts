import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { reliq, startReliq, withDirectory } from "./command.ts";
import { readFindings } from "./findings.ts";
import { untilReady } from "./region.ts";

const PROGRAMS = "apps/self-healing/programs";

/** Runs one of the app's programs as a person would. @throws with what it printed, where it fails */
async function program(name: string, ...args: string[]): Promise<string> {
  const command = ["--conditions=@reliq/source", join(PROGRAMS, `${name}.ts`), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return stdout;
}

interface Dashboard {
  readonly widgets: readonly { readonly properties: { readonly title: string; readonly metrics: readonly Row[] } }[];
}
/** Namespace, name, dimensions by name and value, and how it is shown. */
type Row = readonly [...string[], { readonly label: string }];

/** The sums that the dashboard's first panel shows, by their labels, as the region has the metrics that it names. */
async function messagesStatus(endpoint: string): Promise<Record<string, number>> {
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const client = new CloudWatchClient({ endpoint, region: "us-east-1", credentials });
  const { widgets } = JSON.parse(readFileSync("apps/self-healing/cloudwatch-dashboard.json", "utf8")) as Dashboard;
  const panel = widgets.find(({ properties }) => properties.title === "Messages Status");
  const sums = (panel?.properties.metrics ?? []).map(async (row) => {
    const [Namespace = "", MetricName = "", ...pairs] = row.filter((each) => typeof each === "string");
    const Dimensions = pairs.flatMap((Name, index) => (index % 2 === 0 ? [{ Name, Value: pairs[index + 1] }] : []));
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions,
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ["Sum"],
      }),
    );
    const shown = row.at(-1) as { readonly label: string };
    return [shown.label, Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)] as const;
  });
  return Object.fromEntries(await Promise.all(sums));
}

test("31 messages of mixed fate each end where they are to end, with their reason and cause, and the dashboard counts them", async () => {
  await withDirectory(async (state) => {
    const running = startReliq(["run", "apps/self-healing", "--quiet", "--port", "0", "--state", state]);
    try {
      const endpoint = await untilReady(running);
      expect(await readFindings(endpoint), "what doctor finds").toEqual({ code: 0, found: [] });
      const at = ["--endpoint", endpoint, "--file", join(state, "sent.json")];
      expect(await program("send-test-messages", ...at)).toContain("Sent 31 of 31");
      expect(await program("verify-healing", ...at, "--seconds", "200")).toContain("PASS: 31 messages");
      await expect
        .poll(() => messagesStatus(endpoint), { timeout: 60_000, interval: 1_000 })
        .toEqual({
          "Auth failures": 2,
          "Bad payloads": 3,
          "Validation failures": 3,
          "Orders processed": 17,
          Archived: 12,
          "Timeout healed": 5,
        });
    } catch (error) {
      throw new Error(`The region printed: ${running.output().slice(-3_000)}`, { cause: error });
    } finally {
      running.child.kill("SIGINT");
      await running.ended;
    }
  });
}, 300_000);

test("a person runs the app once: it ends by itself when every message is at its end, the account balances, and each death has its reason", async () => {
  await withDirectory(async (state) => {
    const once = ["run", "apps/self-healing", "--invoke", "OrderProducer", "--once", "--port", "0", "--state", state];
    const { code, output } = await reliq(...once);
    const end = output.slice(output.lastIndexOf("✓ self-healing-orders: "));
    expect(end).toContain("accepted 31 = processed 17 + dead-lettered 0 + held 2 + archived 12");
    expect(end).toMatch(/\d+\s+threw\s+auth · /);
    expect(end).toMatch(/\d+\s+crashed\s+processing · Crashed/);
    expect(code, output.slice(-3_000)).toBe(0);
  });
}, 360_000);
