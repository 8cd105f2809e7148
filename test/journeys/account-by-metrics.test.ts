import {
  CreateQueueCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { likeAws } from "../../harness/like-aws.ts";
import { reliq, startReliq, withDirectory } from "./command.ts";
import { untilReady } from "./region.ts";

test("where no history is kept the account is by metrics: it balances, says what is approximate, and finds what vanished", async () => {
  await withDirectory(async (directory) => {
    const running = startReliq(["local", "start", "--port", "0", "--state", directory, "--jumps"]);
    try {
      const endpoint = await untilReady(running);
      const credentials = { accessKeyId: "local", secretAccessKey: "local" };
      const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials });
      await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
      const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead";
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
      const orders = new CreateQueueCommand({ QueueName: "orders", Attributes: { RedrivePolicy } });
      const { QueueUrl } = await sqs.send(orders);
      const send = () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
      for (const _ of [1, 2]) {
        await send();
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
      }
      // Nobody says that it is to be asked as AWS is.
      const fallback = await reliq("account", "--endpoint", await likeAws(endpoint));
      expect(fallback.output).toMatch(/✓ orders since .*: accepted ≈ 2 = processed ≈ 2 \+ dead-lettered ≈ 0\n/);
      expect(fallback.output).toContain("sent ≈ 0, 0 missing");
      const later = async (): Promise<void> => {
        expect((await reliq("local", "jump", "1h", "--endpoint", endpoint)).code).toBe(0);
      };
      await later();
      const whole = await reliq("account", "orders", "--aws", "--endpoint", endpoint);
      expect(whole.output).toMatch(/✓ orders since .*: accepted ≈ 2 = processed ≈ 2 \+ dead-lettered ≈ 0\n/);
      expect(whole.output).toMatch(/settled, at rest from .* to .*: sent ≈ 2, 0 missing/);
      expect(whole.output).toContain("≈ is by CloudWatch's metrics and SQS's attributes: approximate");
      expect(whole.output).toContain("name recovery's API with --api URL or RELIQ_API");
      expect(whole.code).toBe(0);

      await send();
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
      await later();
      const short = await reliq("account", "--aws", "--endpoint", endpoint);
      expect(short.output).toMatch(
        /✗ orders since .*: accepted ≈ 3 = processed ≈ 2 \+ dead-lettered ≈ 0 \+ in none of these ≈ 1: 1 missing by metrics/,
      );
      expect(short.code).toBe(1);
      expect((await reliq("account", "--endpoint", endpoint)).output).toContain("✓ orders: accepted 3 = processed 2");
    } finally {
      running.child.kill("SIGINT");
      await running.ended;
    }
  });
}, 240_000);
