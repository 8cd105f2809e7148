import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Fixture, startFixture } from "../fixture.ts";

let fixture: Fixture;
let notes: string;

beforeEach(async () => {
  notes = mkdtempSync(join(tmpdir(), "reliq-notes-"));
  fixture = await startFixture();
});
afterEach(async () => {
  await fixture.close();
  rmSync(notes, { recursive: true, force: true });
});

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** One run of the function: when it started and ended, and what it got. */
interface Run {
  readonly at: number;
  readonly until?: number;
  readonly records: readonly SqsRecord[];
}

/** A function that notes each batch in a file, then does as it is told. */
function consumer(work: string, properties: object = {}): { code: string; properties: object } {
  const file = JSON.stringify(join(notes, "runs"));
  const code = `
    import { appendFileSync } from "node:fs";
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const fail = (records) => ({ batchItemFailures: records.map((record) => ({ itemIdentifier: record.messageId })) });
    export const handler = async ({ Records: records }) => {
      const at = Date.now();
      appendFileSync(${file}, JSON.stringify({ at, records }) + "\\n");
      const answer = await (async () => { ${work} })();
      appendFileSync(${file}, JSON.stringify({ at, until: Date.now(), records }) + "\\n");
      return answer;
    };`;
  return { code, properties: { Timeout: 1, ...properties } };
}

function noted(): Run[] {
  try {
    return readFileSync(join(notes, "runs"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}
const started = (): Run[] => noted().filter((run) => run.until === undefined);
const ended = (): Run[] => noted().filter((run) => run.until !== undefined);
const bodies = (runs: readonly Run[]): string[] => runs.flatMap((run) => run.records.map((record) => record.body));

/** The most runs at once. */
function mostAtOnce(): number {
  const runs = ended();
  return Math.max(
    ...runs.map((run) => runs.filter((other) => other.at <= run.at && run.at < (other.until ?? 0)).length),
  );
}

async function queue(name = "orders", Attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> {
  const { QueueUrl = "" } = await fixture.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: "1", ...Attributes } }),
  );
  return { url: QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
}

async function send(url: string, texts: readonly string[], group?: (text: string) => string): Promise<void> {
  for (let at = 0; at < texts.length; at += 10) {
    const Entries = texts.slice(at, at + 10).map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      ...(group && { MessageGroupId: group(MessageBody), MessageDeduplicationId: MessageBody }),
    }));
    await fixture.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}

async function map(arn: string, more: Partial<CreateEventSourceMappingCommandInput> = {}) {
  return fixture.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: "consumer", EventSourceArn: arn, ...more }),
  );
}

async function depth(url: string): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes = {} } = await fixture.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  return {
    waiting: Number(Attributes["ApproximateNumberOfMessages"]),
    inFlight: Number(Attributes["ApproximateNumberOfMessagesNotVisible"]),
  };
}
const empty = (url: string) =>
  vi.waitFor(async () => expect(await depth(url)).toEqual({ waiting: 0, inFlight: 0 }), 15_000);

async function invocations(MessageId: string): Promise<Record<string, unknown>[]> {
  const { Invocations } = await fixture.region.call("lambda", "ReliqListInvocations", { MessageId });
  return Invocations as Record<string, unknown>[];
}

const PARTIAL = { FunctionResponseTypes: ["ReportBatchItemFailures" as const] };
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe("an event source on a standard queue", () => {
  test("gives a message as Lambda does, and deletes it once it is handled", async () => {
    const { url, arn } = await queue();
    await fixture.deploy({ consumer: consumer("") });
    await map(arn);
    const { MessageId } = await fixture.sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: "héllo",
        MessageAttributes: {
          store_id: { DataType: "Number", StringValue: "5" },
          raw: { DataType: "Binary", BinaryValue: Buffer.from("bytes") },
        },
      }),
    );
    await empty(url);
    expect(started()[0]?.records).toEqual([
      {
        messageId: MessageId,
        receiptHandle: expect.any(String),
        body: "héllo",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          store_id: { stringValue: "5", stringListValues: [], binaryListValues: [], dataType: "Number" },
          raw: {
            binaryValue: Buffer.from("bytes").toString("base64"),
            stringListValues: [],
            binaryListValues: [],
            dataType: "Binary",
          },
        },
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: "aws:sqs",
        eventSourceARN: arn,
        awsRegion: "us-east-1",
      },
    ]);
  });

  test("gives up to the batch size, and gathers more than ten within its window", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("") });
    await send(url, numbered(25));
    await map(arn, { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 });
    await empty(url);
    expect(started().map((run) => run.records.length)).toEqual([25]);
  });

  test("does not wait for the window where the batch is full", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "60" });
    await fixture.deploy({ consumer: consumer("") });
    await send(url, numbered(20));
    await map(arn, { BatchSize: 20, MaximumBatchingWindowInSeconds: 300 });
    await empty(url);
    expect(started().map((run) => run.records.length)).toEqual([20]);
  });

  test("splits a batch whose event would be over 6 MB", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("") });
    for (const text of numbered(8)) {
      await fixture.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: text.repeat(1_000_000) }));
    }
    await map(arn, { BatchSize: 10, MaximumBatchingWindowInSeconds: 1 });
    await empty(url);
    expect(
      bodies(ended())
        .map((body) => body[0])
        .sort(),
    ).toEqual(numbered(8));
    expect(ended().length).toBeGreaterThan(1);
  });

  test("leaves a failed message to its visibility timeout, and deletes its batch mates", async () => {
    const { url, arn } = await queue();
    await fixture.deploy({
      consumer: consumer(
        "return fail(records.filter((each) => each.body === '3' && each.attributes.ApproximateReceiveCount === '1'));",
      ),
    });
    await send(url, numbered(10));
    await map(arn, PARTIAL);
    await empty(url);
    const runs = started();
    expect(
      bodies(runs)
        .filter((body) => body !== "3")
        .sort(),
    ).toEqual(numbered(10).filter((body) => body !== "3"));
    const attempts = runs.filter((run) => bodies([run]).includes("3"));
    expect(attempts).toHaveLength(2);
    expect((attempts[1]?.at ?? 0) - (attempts[0]?.at ?? 0)).toBeGreaterThan(500);
  });

  test.each([
    ["throws", "throw new Error('no');", "error"],
    ["times out", "for (;;);", "timeout"],
    ["exits", "process.exit(1);", "crash"],
    ["is killed", "process.kill(process.pid, 'SIGKILL'); await wait(900);", "crash"],
    ["reports what cannot be read", "return { batchItemFailures: [{ itemIdentifier: 'none' }] };", "success"],
  ])("gives every message of a batch again where its function %s, and the cause is kept", async (_, work, Outcome) => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: Outcome === "timeout" ? "2" : "1" });
    await fixture.deploy({
      consumer: consumer(`if (records[0].attributes.ApproximateReceiveCount === "1") { ${work} }`),
    });
    await send(url, ["a", "b"]);
    await map(arn, PARTIAL);
    await empty(url);
    expect(bodies(ended()).sort()).toContain("a");
    expect(bodies(ended()).sort()).toContain("b");
    const first = started()[0]?.records[0]?.messageId ?? "";
    expect(await invocations(first)).toMatchObject([{ Outcome, FailedMessageIds: expect.arrayContaining([first]) }]);
  });

  test("dead-letters a message that fails at each receive, and its attempts are kept", async () => {
    const dead = await queue("dead");
    const { url, arn } = await queue("orders", {
      VisibilityTimeout: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    await fixture.deploy({ consumer: consumer("return fail(records);") });
    await send(url, ["bad"]);
    await map(arn, PARTIAL);
    await vi.waitFor(async () => expect(await depth(dead.url)).toMatchObject({ waiting: 1 }), 15_000);
    const { Messages = [] } = await fixture.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
    expect(await invocations(Messages[0]?.MessageId ?? "")).toHaveLength(2);
  });

  test("uses up a receive where no concurrency is left, though the function never ran", async () => {
    const dead = await queue("dead");
    const { url, arn } = await queue("orders", {
      VisibilityTimeout: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
    });
    await fixture.deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
    await send(url, ["starved"]);
    await map(arn);
    await vi.waitFor(async () => expect(await depth(dead.url)).toMatchObject({ waiting: 1 }), 15_000);
    const { Messages = [] } = await fixture.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
    expect(await invocations(Messages[0]?.MessageId ?? "")).toMatchObject([{ Outcome: "throttled" }]);
    expect(started()).toEqual([]);
  });

  test("goes on with a throttled batch once concurrency is there, within the same receive", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
    await send(url, ["late"]);
    await map(arn);
    await vi.waitFor(async () => expect(await depth(url)).toEqual({ waiting: 0, inFlight: 1 }));
    await fixture.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 1 }),
    );
    await empty(url);
    expect(started()[0]?.records[0]?.attributes["ApproximateReceiveCount"]).toBe("1");
  });

  test("runs as many batches at once as its maximum concurrency says, and no more", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("await wait(200);", { Timeout: 10 }) });
    await send(url, numbered(20));
    await map(arn, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 3 } });
    await empty(url);
    expect(mostAtOnce()).toBe(3);
  });

  test("takes a new maximum concurrency while it works", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("await wait(200);", { Timeout: 10 }) });
    const { UUID } = await map(arn, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await send(url, numbered(10));
    await empty(url);
    expect(mostAtOnce()).toBe(2);
    rmSync(join(notes, "runs"));
    await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ScalingConfig: { MaximumConcurrency: 4 } }));
    await send(url, numbered(20));
    await empty(url);
    expect(mostAtOnce()).toBe(4);
  });

  test("takes nothing while it is disabled, settles what it had taken, and goes on when it is enabled", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("await wait(300);", { Timeout: 10 }) });
    const { UUID } = await map(arn);
    await send(url, ["first"]);
    await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
    await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await send(url, ["second"]);
    await vi.waitFor(async () => expect(await depth(url)).toEqual({ waiting: 1, inFlight: 0 }), 10_000);
    expect(bodies(ended())).toEqual(["first"]);
    expect(await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({ State: "Disabled" });
    await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await empty(url);
    expect(bodies(ended())).toEqual(["first", "second"]);
  });

  test("settles what it has taken before the region stops, and goes on after a restart", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("await wait(500);", { Timeout: 10 }) });
    await map(arn, { BatchSize: 1 });
    await send(url, ["before"]);
    await vi.waitFor(() => expect(started()).toHaveLength(1), 10_000);
    await fixture.restart();
    expect(bodies(ended())).toEqual(["before"]);
    await send(url, ["after"]);
    await empty(url);
    expect(bodies(ended())).toEqual(["before", "after"]);
  });

  test("waits for its function, and takes no message without it", async () => {
    const { url, arn } = await queue();
    await fixture.deploy({ consumer: consumer("") });
    await map(arn);
    await fixture.region.call("lambda", "DeleteFunction", { FunctionName: "consumer" });
    await fixture.restart();
    await send(url, ["kept"]);
    await vi.waitFor(() => expect(fixture.reports.join()).toContain("Function not found"));
    expect(await depth(url)).toEqual({ waiting: 1, inFlight: 0 });
  });
});

describe("an event source on a FIFO queue", () => {
  test("keeps the order of each group, and never has a group in two batches", async () => {
    const { url, arn } = await queue("orders.fifo", { FifoQueue: "true", VisibilityTimeout: "20" });
    await fixture.deploy({ consumer: consumer("await wait(50);", { Timeout: 10 }) });
    const texts = numbered(60).map((each) => `${Number(each) % 3}-${each.padStart(2, "0")}`);
    await send(url, texts, (text) => text[0] ?? "");
    await map(arn, { BatchSize: 4 });
    await empty(url);
    for (const group of ["0", "1", "2"]) {
      const runs = ended().filter((run) => bodies([run]).some((body) => body.startsWith(group)));
      const sorted = runs.toSorted((a, b) => a.at - b.at);
      expect(bodies(sorted).filter((body) => body.startsWith(group))).toEqual(
        texts.filter((text) => text.startsWith(group)),
      );
      for (const [index, run] of sorted.entries()) expect(run.at).toBeGreaterThanOrEqual(sorted[index - 1]?.until ?? 0);
    }
  });

  test("gives the message group, and what failed again in order", async () => {
    const { url, arn } = await queue("orders.fifo", { FifoQueue: "true", VisibilityTimeout: "1" });
    await fixture.deploy({
      consumer: consumer("if (records[0].attributes.ApproximateReceiveCount === '1') return fail(records.slice(1));"),
    });
    await send(url, ["a", "b", "c"], () => "g");
    await map(arn, { BatchSize: 3, ...PARTIAL });
    await empty(url);
    expect(bodies(started())).toEqual(["a", "b", "c", "b", "c"]);
    expect(started()[0]?.records[0]?.attributes).toMatchObject({ MessageGroupId: "g", MessageDeduplicationId: "a" });
  });
});

describe("a mapping", () => {
  test("is created, shown, listed and deleted", async () => {
    const { arn } = await queue();
    await fixture.deploy({ consumer: consumer("") });
    const { UUID } = await map(arn, { ...PARTIAL, BatchSize: 5, Enabled: false });
    expect(await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      BatchSize: 5,
      EventSourceArn: arn,
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:consumer",
      State: "Disabled",
      ...PARTIAL,
    });
    const list = () => fixture.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: "consumer" }));
    expect((await list()).EventSourceMappings).toMatchObject([{ UUID }]);
    await fixture.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect((await list()).EventSourceMappings).toEqual([]);
    await expect(fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test.each([
    ["a batch over 10,000", { BatchSize: 10_001 }, "ValidationException", "'10001' at 'batchSize'"],
    ["a batch over 10 without a window", { BatchSize: 11 }, "InvalidParameterValueException", "greater than 0"],
    ["a window over 300 s", { MaximumBatchingWindowInSeconds: 301 }, "ValidationException", "'301' at"],
    ["a maximum concurrency of 1", { ScalingConfig: { MaximumConcurrency: 1 } }, "ValidationException", "'1' at"],
    [
      "another response type",
      { FunctionResponseTypes: ["All" as never] },
      "ValidationException",
      "ReportBatchItemFailures",
    ],
    ["a filter", { FilterCriteria: { Filters: [] } }, "InvalidParameterValueException", "FilterCriteria"],
    [
      "a queue that is not there",
      { EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:none" },
      "InvalidParameterValueException",
      "does not exist",
    ],
    [
      "a source of another kind",
      { EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s" },
      "InvalidParameterValueException",
      "kinesis",
    ],
    ["a function that is not there", { FunctionName: "none" }, "ResourceNotFoundException", "none"],
  ])("with %s is refused", async (_, more, name, message) => {
    const { arn } = await queue();
    await fixture.deploy({ consumer: consumer("") });
    await expect(map(arn, more)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test.each([
    ["a batch over 10", { BatchSize: 11, MaximumBatchingWindowInSeconds: 1 }],
    ["a window", { MaximumBatchingWindowInSeconds: 1 }],
  ])("of a FIFO queue with %s is refused", async (_, more) => {
    const { arn } = await queue("orders.fifo", { FifoQueue: "true" });
    await fixture.deploy({ consumer: consumer("") });
    await expect(map(arn, more)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  test("is refused where messages would be visible again while the function runs", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "5" });
    await fixture.deploy({ consumer: consumer("", { Timeout: 6 }) });
    const message = "Queue visibility timeout: 5 seconds is less than Function timeout: 6 seconds";
    await expect(map(arn)).rejects.toMatchObject({ name: "InvalidParameterValueException", message });
    await fixture.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: "6" } }));
    expect(await map(arn)).toMatchObject({ State: "Enabled" });
  });

  test("is refused a second time for one function and queue", async () => {
    const { arn } = await queue();
    await fixture.deploy({ consumer: consumer("") });
    await map(arn);
    await expect(map(arn)).rejects.toMatchObject({ name: "ResourceConflictException" });
  });

  test("of a template is put to work, and put again changes nothing", async () => {
    const { url, arn } = await queue();
    const mapping = {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: { EventSourceArn: arn, FunctionName: { Ref: "Functionconsumer" }, BatchSize: 2 },
    };
    await fixture.deploy({ consumer: consumer("") }, { Mapping: mapping });
    await fixture.deploy({ consumer: consumer("") }, { Mapping: mapping });
    await send(url, numbered(4));
    await empty(url);
    expect(bodies(ended()).sort()).toEqual(numbered(4));
    const { EventSourceMappings } = await fixture.lambda.send(new ListEventSourceMappingsCommand({}));
    expect(EventSourceMappings).toMatchObject([{ BatchSize: 2 }]);
  });
});
