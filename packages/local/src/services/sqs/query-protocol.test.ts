import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { AddPermissionCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRegion, type TestRegion } from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

async function post(form: Record<string, string>, path = "/"): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${local.region.endpoint}${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Version: "2012-11-05", ...form }).toString(),
  });
  return { status: answer.status, body: await answer.text() };
}

// source: Amazon SQS developer guide, "Making Query API requests"
describe("the Query protocol", () => {
  test("works on a queue's own path", async () => {
    const created = await post({
      Action: "CreateQueue",
      QueueName: "path",
      "Attribute.1.Name": "DelaySeconds",
      "Attribute.1.Value": "0",
    });
    expect(created.body).toContain('<CreateQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">');
    const sent = await post(
      {
        Action: "SendMessage",
        MessageBody: "<b> & \r\n",
        "MessageAttribute.1.Name": "Foo",
        "MessageAttribute.1.Value.DataType": "String",
        "MessageAttribute.1.Value.StringValue": "Bar",
      },
      "/000000000000/path",
    );
    expect(sent.body).toContain("<MD5OfMessageAttributes>ae7155c6026991b6d54b11589678bf9c</MD5OfMessageAttributes>");
    const received = await post(
      { Action: "ReceiveMessage", "AttributeName.1": "All", "MessageAttributeName.1": "All", WaitTimeSeconds: "0" },
      "/000000000000/path",
    );
    expect(received.body).toContain("<Body>&lt;b&gt; &amp; &#xD;&#xA;</Body>");
    expect(received.body).toContain("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>");
    expect(received.body).toContain(
      "<MessageAttribute><Name>Foo</Name><Value><DataType>String</DataType><StringValue>Bar</StringValue></Value></MessageAttribute>",
    );
  });

  test("answers a receive of nothing with an empty result, and a purge with none", async () => {
    await post({ Action: "CreateQueue", QueueName: "empty" });
    const received = await post({ Action: "ReceiveMessage" }, "/000000000000/empty");
    expect(received.body).toContain("<ReceiveMessageResult></ReceiveMessageResult><ResponseMetadata>");
    expect((await post({ Action: "PurgeQueue" }, "/000000000000/empty")).body).not.toContain("Result");
  });

  test("answers a refusal with the service's older code", async () => {
    const { status, body } = await post({ Action: "SendMessage", QueueUrl: "none", MessageBody: "x" });
    expect(status).toBe(400);
    expect(body).toContain("<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
  });

  test("and the JSON protocol names that code in a header", async () => {
    const answer = await fetch(local.region.endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ReceiveMessage" },
      body: JSON.stringify({ QueueUrl: "none" }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-query-error")).toBe("AWS.SimpleQueueService.NonExistentQueue;Sender");
    expect(await answer.json()).toMatchObject({ __type: "com.amazonaws.sqs#QueueDoesNotExist" });
  });

  test("refuses by name an action that the region does not serve", async () => {
    const permission = { QueueUrl: "path", Label: "l", AWSAccountIds: ["1"], Actions: ["*"] };
    await expect(local.sqs.send(new AddPermissionCommand(permission))).rejects.toThrow(
      /does not serve sqs:AddPermission/,
    );
    expect((await post({ Action: "AddPermission", QueueUrl: "path" })).body).toContain("<Code>InvalidAction</Code>");
  });
});

const CLI = existsSync("/usr/bin/aws") ? "/usr/bin/aws" : undefined;

describe("Debian's AWS CLI, which speaks the Query protocol", () => {
  test.skipIf(CLI === undefined)(
    "creates a queue, sends, receives, batches and deletes (skipped without /usr/bin/aws)",
    async () => {
      const created = await aws("create-queue", "--queue-name", "cli", "--tags", "team=a");
      const url = String(created["QueueUrl"]);
      expect(await aws("list-queue-tags", "--queue-url", url)).toEqual({ Tags: { team: "a" } });
      const attribute = '{"Foo":{"DataType":"String","StringValue":"Bar"}}';
      const sent = await aws(
        "send-message",
        "--queue-url",
        url,
        "--message-body",
        "hällo",
        "--message-attributes",
        attribute,
      );
      expect(sent).toMatchObject({ MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c" });
      const received = await aws(
        ...["receive-message", "--queue-url", url, "--attribute-names", "All", "--message-attribute-names", "All"],
      );
      const [message] = received["Messages"] as Record<string, unknown>[];
      expect(message).toMatchObject({
        Body: "hällo",
        Attributes: { ApproximateReceiveCount: "1" },
        MessageAttributes: { Foo: { DataType: "String", StringValue: "Bar" } },
      });
      await aws("delete-message", "--queue-url", url, "--receipt-handle", String(message?.["ReceiptHandle"]));
      const batch = await aws(
        "send-message-batch",
        "--queue-url",
        url,
        "--entries",
        "Id=a,MessageBody=1",
        "Id=b,MessageBody=2,DelaySeconds=901",
      );
      expect(batch).toMatchObject({ Successful: [{ Id: "a" }], Failed: [{ Id: "b", SenderFault: true }] });
      const { Attributes } = await aws("get-queue-attributes", "--queue-url", url, "--attribute-names", "All");
      expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: "1" });
      expect(await aws("list-queues")).toMatchObject({ QueueUrls: expect.arrayContaining([url]) });
      await aws("delete-queue", "--queue-url", url);
      await expect(aws("get-queue-url", "--queue-name", "cli")).rejects.toThrow(
        /AWS.SimpleQueueService.NonExistentQueue/,
      );
    },
    60_000,
  );
});

async function aws(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(CLI ?? "", ["sqs", ...args, "--endpoint-url", local.region.endpoint], {
    env: {
      PATH: process.env["PATH"],
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_DEFAULT_OUTPUT: "json",
      LC_ALL: "C.UTF-8",
    },
  });
  return stdout ? JSON.parse(stdout) : {};
}
