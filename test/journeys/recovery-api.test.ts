import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { FailureDetail, FailurePage, RedriveRun, RunPlan } from "@reliq/core/recovery";
import { expect, test, vi } from "vitest";
import { withApp } from "./app.ts";
import { type Ended, reliq, withDirectory } from "./command.ts";
import { recoveryFunctions } from "./recovery-functions.ts";

const APP = `
  import { join } from "node:path";
  import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
  import { Consumer, Journal, Recovery, RecoveryApi, ReliableQueue } from "@reliq/cdk";
  const stack = new Stack(new App(), "Shop");
  const entry = (name) => join(import.meta.dirname, "handlers", name + ".ts");
  const journal = new Journal(stack, "Journal");
  const timeout = Duration.seconds(2);
  const queue = new ReliableQueue(stack, "Orders", { queueName: "orders", maxReceiveCount: 1, visibilityTimeout: Duration.seconds(12) });
  new Consumer(stack, "Ship", { queue, journal, timeout, entry: entry("ship") });
  const recovery = new Recovery(stack, "Recovery", { journal, entry: entry("recovery"), removalPolicy: RemovalPolicy.DESTROY });
  recovery.attach(queue);
  new RecoveryApi(stack, "RecoveryApi", { recovery, entry: entry("api") });`;

const RULES = `
  export const RULES = { policy: { rules: [{ name: "lost causes", when: { errorName: "PermanentFailure" }, then: ["archive"] }] }, repairs: [] };`;

const HANDLERS = {
  "app.ts": APP,
  "handlers/rules.ts": RULES,
  ...recoveryFunctions("handlers/"),
  "handlers/ship.ts": `
    import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
    import { consumer, ValidationFailure } from "@reliq/core";
    const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
    const ship = consumer({ name: "ship", schema, handle: ({ amount }) => {
      if (!(amount > 0)) throw new ValidationFailure("amount: it must be over 0");
    } });
    export const handler = lambdaHandler(ship, portsFromEnvironment());`,
};

test("held messages are understood, mended, redriven behind a canary and accounted for, by commands alone", async () => {
  await withApp(HANDLERS, async ({ endpoint, sqs, url }) => {
    const run = (...args: string[]): Promise<Ended> => reliq(...args, "--endpoint", endpoint);
    const read = async <T>(...args: string[]): Promise<T> => {
      const { output } = await run(...args, "--json");
      try {
        return JSON.parse(output) as T;
      } catch {
        throw new Error(`${args.join(" ")} printed: ${output}`);
      }
    };
    for (const amount of [-1, 5, -2, -3]) {
      await sqs.send(new SendMessageCommand({ QueueUrl: url("orders"), MessageBody: JSON.stringify({ amount }) }));
    }
    const held = await vi.waitFor(
      async () => {
        const page = await read<FailurePage>("failures", "list", "--queue", "orders", "--state", "held");
        expect(page.failures).toHaveLength(3);
        return page.failures.map(({ id }) => id);
      },
      { timeout: 90_000, interval: 1_000 },
    );

    const [first = ""] = held;
    const shown = await run("failures", "show", first);
    expect(shown.output).toContain("ValidationFailure: amount: it must be over 0");
    expect(shown.output).toMatch(/attempt 1 .*ValidationFailure/);
    const explained = await run("policy", "explain", first);
    expect(explained.output).toContain("✓ otherwise: no rule matches");
    expect((await run("failures")).output).toContain("recovery keeps 3 held");

    const relapsing = await run("redrive", "start", "--queue", "orders");
    expect(relapsing.code).toBe(1);
    expect(relapsing.output).toContain("stopped: ");
    await vi.waitFor(
      async () => expect((await read<FailurePage>("failures", "list", "--state", "held")).failures).toHaveLength(3),
      { timeout: 30_000, interval: 500 },
    );

    for (const id of held)
      expect((await run("failures", "edit", id, "--body", '{"amount":7}')).output).toContain("→ 7");
    const plan = await read<RunPlan>("redrive", "plan", "--queue", "orders");
    expect(plan.counts).toMatchObject({ safe: 3 });
    const redriven = await read<RedriveRun>("redrive", "start", "--queue", "orders", "--ramp", "1,5");
    expect(redriven).toMatchObject({ state: "done", sent: 3, resolved: 3, relapsed: 0 });
    const mended = await read<FailureDetail>("failures", "show", first);
    expect(mended.failure).toMatchObject({ state: "resolved", changes: [{ kind: "edit" }] });
    expect(JSON.parse(mended.failure.original?.body ?? "{}").amount).toBeLessThan(0);

    const verified = await run("audit", "verify");
    expect([verified.code, verified.output]).toEqual([0, expect.stringMatching(/verified orders: \d+ entries/)]);
    const audit = await read<{ entries: { action: string; by: string }[] }>("audit", "list", "--queue", "orders");
    const edits = audit.entries.filter(({ action }) => action === "edited");
    expect(edits).toHaveLength(3);
    expect(edits[0]?.by).toMatch(/^arn:aws:iam::000000000000:user\/./);

    const refused = await run("failures", "discard", first, "--reason", "because");
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("for the role approver")]);
    expect((await run("failures", "list", "--state", "dead")).output).toContain(
      '`state` is "dead"; it takes one of held',
    );

    await sqs.send(new CreateQueueCommand({ QueueName: "old-dead" }));
    await sqs.send(new SendMessageCommand({ QueueUrl: url("old-dead"), MessageBody: "left \u0009 over" }));
    const imported = await read("import", url("old-dead"), "--queue", "old");
    expect(imported).toEqual({ imported: 1, left: 0 });
    expect((await read<FailurePage>("failures", "list", "--queue", "old")).failures).toMatchObject([{ state: "held" }]);

    const unsigned = await fetch(`${await apiUrl(endpoint)}/failures`);
    expect([unsigned.status, await unsigned.json()]).toEqual([403, { message: "Forbidden" }]);
  });
}, 480_000);

async function apiUrl(endpoint: string): Promise<string> {
  const status = (await (await fetch(`${endpoint}/_reliq/status`)).json()) as {
    stacks: { outputs: Record<string, string> }[];
  };
  return status.stacks[0]?.outputs["RecoveryApiUrl"] ?? "";
}

test("a policy's problems are named with file, line and column", async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, "policy.yaml");
    writeFileSync(file, "rules:\n  - name: heal\n    when:\n      cause: bored\n    then: [heal]\n    than: [heal]\n");
    const { code, output } = await reliq("policy", "check", file);
    expect(code).toBe(1);
    expect(output).toContain(`${file}:4:7: rules[0].when.cause: it is "bored"; it takes one of`);
    expect(output).toContain(`${file}:6:5: rules[0].than: there is no such field`);
    writeFileSync(file, '{ "rules": [] }');
    expect((await reliq("policy", "check", file)).code).toBe(0);
  });
});
