import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { reliq, startReliq, withDirectory } from "./command.ts";
import { readFindings } from "./findings.ts";
import { readAccounts, readPeeked, untilReady } from "./region.ts";

test("a person runs the app once: every message is processed, or dead with its reason, and the account balances", async () => {
  await withDirectory(async (state) => {
    const once = await reliq(
      "run",
      "apps/store-events",
      "--invoke",
      "SqsDataProducer",
      "--once",
      "--port",
      "0",
      "--state",
      state,
    );
    expect(once.output).toMatch(/accepted \d+ = processed \d+ \+ dead-lettered \d+/);
    expect(once.code).toBe(0);
    const [, sent, bad] = /"msg_cnt\\?":(\d+),\\?"bad_msg\\?":(\d+)/.exec(once.output) ?? [];
    expect(Number(bad)).toBeGreaterThan(0);
    const balance = `accepted ${sent} = processed ${Number(sent) - Number(bad)} + dead-lettered ${bad}`;
    expect(once.output).toContain(`reliable_q: ${balance}`);
    expect(once.output).toMatch(
      new RegExp(`${bad}\\s+threw\\s+validation · ValidationFailure: {"missing_store_id":true}`),
    );
    expect(once.output).not.toMatch(/ssn_no"?:\s*"\d/);
  });
}, 120_000);

/** What the journey shows is not the wait for each visibility: time jumps over it. */
async function accountAfterJump(endpoint: string): Promise<unknown> {
  await reliq("local", "jump", "6s", "--endpoint", endpoint);
  return (await readAccounts(endpoint))[0];
}

test("messages go the whole way, byte for byte, across a kill of the function and a kill of the region", async () => {
  await withDirectory(async (state) => {
    const first = startReliq(["run", "apps/store-events", "--quiet", "--port", "0", "--state", state]);
    const endpoint = await untilReady(first);
    expect(await readFindings(endpoint), "what doctor finds").toEqual({ code: 0, found: [] });
    const bodies = ["{}", "not json", ' {"name":"ünï ☃ 🙂"}\r\n\t', '{"a":"<&>\\"\\u0000"}'];
    const client = new SQSClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
    });
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: `${endpoint}/000000000000/reliable_q`,
        Entries: bodies.map((MessageBody, index) => ({
          Id: String(index),
          MessageBody,
          MessageAttributes: { project: { DataType: "String", StringValue: "reliq" } },
        })),
      }),
    );
    first.child.kill("SIGKILL");
    await first.ended;
    const second = startReliq(["run", "apps/store-events", "--quiet", "--jumps", "--port", "0", "--state", state]);
    const again = await untilReady(second);
    await expect
      .poll(() => accountAfterJump(again), { timeout: 40_000, interval: 300 })
      .toMatchObject({
        accepted: bodies.length,
        deadLettered: bodies.length,
        difference: 0,
      });
    const dead = await readPeeked(again, "dlq_for_reliable_q");
    expect(dead.map((message) => message.Body).sort()).toEqual([...bodies].sort());
    expect(dead.every((message) => message.MessageAttributes?.["project"]?.StringValue === "reliq")).toBe(true);
    const failures = await reliq("failures", "--endpoint", again);
    expect(failures.output).toContain("reliable_q: 4 dead");
    expect(failures.output).toContain("is not JSON");
    const tail = await reliq("tail", "--since", "1h", "--for", "3s", "--trouble", "--json", "--endpoint", again);
    const told = tail.output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; event?: string });
    expect(told.filter(({ event }) => event === "attempt-failed").length).toBeGreaterThanOrEqual(bodies.length);
    second.child.kill("SIGINT");
    expect((await second.ended).code).toBe(0);
  });
}, 120_000);
