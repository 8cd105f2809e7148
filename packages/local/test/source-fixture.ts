import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  type CreateEventSourceMappingCommandOutput,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Clock } from "../src/kernel/clock.ts";
import { type Fixture, startFixture } from "./lambda-fixture.ts";

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** One run of the function: when it started and ended, and what it got. */
export interface Run {
  readonly at: number;
  readonly until?: number;
  readonly records: readonly SqsRecord[];
}

/** A queue of a test's own. */
interface TestQueue {
  readonly url: string;
  readonly arn: string;
}

/** A region, a function that notes what it gets, and what tests of event sources do with them. */
export interface SourceFixture {
  fixture(): Fixture;
  /** Where the function notes its runs. */
  notesPath(): string;
  consumer(work: string, properties?: object): { code: string; properties: object };
  started(): Run[];
  ended(): Run[];
  mostAtOnce(): number;
  queue(name?: string, attributes?: Record<string, string>): Promise<TestQueue>;
  send(url: string, texts: readonly string[], group?: (text: string) => string): Promise<void>;
  map(
    arn: string,
    more?: Partial<CreateEventSourceMappingCommandInput>,
  ): Promise<CreateEventSourceMappingCommandOutput>;
  depth(url: string): Promise<{ waiting: number; inFlight: number }>;
  /** Resolves when the queue has no message. */
  empty(url: string): Promise<void>;
  /** The notes of the invocations that failed a message. */
  invocations(messageId: string): Promise<Record<string, unknown>[]>;
}

export const PARTIAL: { FunctionResponseTypes: "ReportBatchItemFailures"[] } = {
  FunctionResponseTypes: ["ReportBatchItemFailures"],
};
export const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
export const bodies = (runs: readonly Run[]): string[] =>
  runs.flatMap((run) => run.records.map((record) => record.body));

/** Gives each test of a file a region of its own. */
export function useSourceFixture(clock?: Clock): SourceFixture {
  let started: Fixture;
  let notes: string;
  beforeEach(async () => {
    notes = mkdtempSync(join(tmpdir(), "reliq-notes-"));
    started = await startFixture(clock);
  });
  afterEach(async () => {
    await started.close();
    rmSync(notes, { recursive: true, force: true });
  });
  const fixture = (): Fixture => started;
  const notesPath = (): string => join(notes, "runs");
  const runs = (): Run[] => readRuns(notesPath());
  const ended = (): Run[] => runs().filter((run) => run.until !== undefined);
  const depth: SourceFixture["depth"] = (url) => readDepth(fixture(), url);
  return {
    fixture,
    notesPath,
    consumer: (work, properties) => consumer(notesPath(), work, properties),
    started: () => runs().filter((run) => run.until === undefined),
    ended,
    mostAtOnce: () => mostAtOnce(ended()),
    queue: async (name = "orders", attributes = {}) => {
      const Attributes = { VisibilityTimeout: "1", ...attributes };
      const { QueueUrl = "" } = await fixture().sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      return { url: QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
    },
    send: (url, texts, group) => send(fixture(), url, texts, group),
    map: (arn, more = {}) =>
      fixture().lambda.send(
        new CreateEventSourceMappingCommand({ FunctionName: "consumer", EventSourceArn: arn, ...more }),
      ),
    depth,
    empty: (url) => vi.waitFor(async () => expect(await depth(url)).toEqual({ waiting: 0, inFlight: 0 }), 20_000),
    invocations: async (MessageId) => {
      const { Invocations } = await fixture().region.call("lambda", "ReliqListInvocations", { MessageId });
      return Invocations as Record<string, unknown>[];
    },
  };
}

/** A function that notes each batch in a file, then does as it is told. */
function consumer(path: string, work: string, properties: object = {}): { code: string; properties: object } {
  const file = JSON.stringify(path);
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

function readRuns(path: string): Run[] {
  try {
    const lines = readFileSync(path, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

function mostAtOnce(runs: readonly Run[]): number {
  const at = runs.map((run) => runs.filter((other) => other.at <= run.at && run.at < (other.until ?? 0)).length);
  return Math.max(...at);
}

async function send(
  { sqs }: Fixture,
  url: string,
  texts: readonly string[],
  group?: (text: string) => string,
): Promise<void> {
  for (let at = 0; at < texts.length; at += 10) {
    const Entries = texts.slice(at, at + 10).map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      ...(group && { MessageGroupId: group(MessageBody), MessageDeduplicationId: MessageBody }),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}

async function readDepth({ sqs }: Fixture, url: string): Promise<{ waiting: number; inFlight: number }> {
  const input = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
  const { Attributes = {} } = await sqs.send(input);
  return {
    waiting: Number(Attributes["ApproximateNumberOfMessages"]),
    inFlight: Number(Attributes["ApproximateNumberOfMessagesNotVisible"]),
  };
}
