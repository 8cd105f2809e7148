import { CloudWatchClient, GetDashboardCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { FailurePage } from "@reliq/core/recovery";
import { expect, test, vi } from "vitest";
import { withApp } from "./app.ts";
import { reliq } from "./command.ts";

const APP = `
  import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
  import { Key } from "aws-cdk-lib/aws-kms";
  import { Consumer, Journal, Recovery, RecoveryApi, ReliableQueue } from "@reliq/cdk";
  const stack = new Stack(new App(), "Shop");
  const journal = new Journal(stack, "Journal");
  const recovery = new Recovery(stack, "Recovery", {
    journal,
    policy: "policy.json",
    encryptionKey: new Key(stack, "Key"),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  for (let number = 0; number < 14; number++) {
    const name = "orders-of-region-" + number;
    const names = { queueName: name, deadLetterQueueName: name + "-dead" };
    const queue = new ReliableQueue(stack, "Orders" + number, { ...names, maxReceiveCount: 1, visibilityTimeout: Duration.seconds(12) });
    recovery.attach(queue);
    if (number === 13) new Consumer(stack, "Ship", { queue, journal, entry: "ship.ts", timeout: Duration.seconds(2) });
  }
  new RecoveryApi(stack, "RecoveryApi", { recovery });`;

const SHIP = `
  import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
  import { consumer } from "@reliq/core";
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
  export const handler = lambdaHandler(consumer({ name: "ship", schema, handle: () => undefined }), portsFromEnvironment());`;

const POLICY = JSON.stringify({ rules: [{ name: "no JSON", when: { category: "bad-payload" }, then: ["archive"] }] });

test("recovery of fourteen queues with a policy as data, its own key and no code of the user's archives what the policy says, and shows it", async () => {
  await withApp({ "app.ts": APP, "ship.ts": SHIP, "policy.json": POLICY }, async ({ endpoint, settings, sqs, url }) => {
    const queue = "orders-of-region-13";
    await sqs.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody: "{" }));
    await vi.waitFor(
      async () => {
        const { output } = await reliq("failures", "list", "--queue", queue, "--json", "--endpoint", endpoint);
        const { failures } = JSON.parse(output) as FailurePage;
        expect(failures).toMatchObject([{ state: "archived", rule: "no JSON" }]);
      },
      { timeout: 300_000, interval: 1_000 },
    );
    const cloudwatch = new CloudWatchClient(settings);
    const { DashboardEntries = [] } = await cloudwatch.send(new ListDashboardsCommand({}));
    const [{ DashboardName } = {}] = DashboardEntries;
    const { DashboardBody = "" } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
    expect(DashboardBody).toContain(`"DLQ_Messages_Visible","Queue","${queue}"`);
  });
}, 480_000);
