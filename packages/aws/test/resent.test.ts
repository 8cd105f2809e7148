import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type ConsumerOptions,
  consumer,
  deadLetters,
  ENVELOPE_ATTRIBUTE,
  PermanentFailure,
  resentKey,
} from "@reliq/core";
import { anyBody, samplePorts } from "@reliq/core/testing";
import type { SQSRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { dynamodbJournal, type LambdaPorts, lambdaHandler } from "../src/index.ts";
import { tableClient } from "./journal-table.ts";
import { lambdaContext, sqsRecord } from "./sqs-event.ts";

interface Trial {
  readonly ran: string[];
  /** Requests to DynamoDB since the last look. */
  readonly sent: () => number;
  readonly deliver: (...records: SQSRecord[]) => Promise<string[]>;
  /** Whether recovery sees the lineage as done. */
  readonly isDone: (lineage: string) => Promise<boolean>;
}

async function trial(
  options: Partial<ConsumerOptions<unknown>> = {},
  limits: Partial<LambdaPorts> = {},
): Promise<Trial> {
  const { client, requests } = await tableClient();
  const journal = dynamodbJournal(client as DynamoDBClient, "journal");
  const ran: string[] = [];
  let tokens = 0;
  const ports = { ...samplePorts({ journal, now: Date.now, newToken: () => `token-${++tokens}` }), ...limits };
  const handle = (body: unknown): object => {
    ran.push(String(body));
    return { writes: [] };
  };
  const handler = lambdaHandler(consumer({ name: "orders", schema: anyBody, handle, ...options }), ports);
  return {
    ran,
    sent: () => requests.splice(0).length,
    deliver: async (...records) =>
      (await handler({ Records: records }, lambdaContext())).batchItemFailures.map((each) => each.itemIdentifier),
    isDone: async (lineage) => (await journal.read([resentKey("orders", lineage)]))[0]?.state === "done",
  };
}

const RESENT = { v: 1, id: "m-1", sends: 1, heals: 1, via: "heal" };
/** What a producer's ledger has of a message that nobody sent again. */
const LEDGERED = { v: 1, id: "m-1", ledger: true };

/** A copy of the message `m-1` that recovery has sent again. */
function copy(messageId: string, body = "7", sequence?: number, of: object = RESENT): SQSRecord {
  const envelope = JSON.stringify(of);
  const fifo = sequence !== undefined && { MessageGroupId: "g", SequenceNumber: String(sequence).padStart(20, "0") };
  const record = sqsRecord({ messageId, body });
  return {
    ...record,
    attributes: { ...record.attributes, ApproximateReceiveCount: "1", ...fifo },
    messageAttributes: { [ENVELOPE_ATTRIBUTE]: { dataType: "String", stringValue: envelope } },
  };
}

describe("two copies of a message that was sent again", () => {
  test("have one effect where the consumer has no keys, in one batch and in two", async () => {
    const { ran, deliver, isDone } = await trial();
    expect(await deliver(copy("m-2"), copy("m-3"))).toEqual([]);
    expect(await deliver(copy("m-4"))).toEqual([]);
    expect(ran).toEqual(["7"]);
    expect(await isDone("m-1")).toBe(true);
  });

  test("have one effect where one of them was edited on the way", async () => {
    const { ran, deliver } = await trial();
    expect(await deliver(copy("m-2", "7"))).toEqual([]);
    expect(await deliver(copy("m-3", "8"))).toEqual([]);
    expect(ran).toEqual(["7"]);
  });

  test("have one effect in sequence, though the second is newer", async () => {
    const { ran, deliver, isDone } = await trial({ effect: "transactional" });
    expect(await deliver(copy("m-2", "7", 5))).toEqual([]);
    expect(await deliver(copy("m-3", "7", 6))).toEqual([]);
    expect(ran).toEqual(["7", "7"]);
    expect(await isDone("m-1")).toBe(true);
  });
});

test.each([["any"], ["transactional"]] as const)(
  "a consumer with keys and effect %s marks what was sent again as done, also where its effect was there before",
  async (effect) => {
    const { ran, deliver, isDone } = await trial({ effect, idempotency: { key: String } });
    expect(await deliver(sqsRecord({ messageId: "m-0", body: "7" }))).toEqual([]);
    expect(await isDone("m-1")).toBe(false);
    expect(await deliver(copy("m-2"))).toEqual([]);
    expect(await isDone("m-1")).toBe(true);
    expect(ran[0]).toBe("7");
  },
);

test.each<[string, Partial<ConsumerOptions<unknown>>, number | undefined]>([
  ["without keys", {}, undefined],
  ["with keys", { idempotency: { key: String } }, undefined],
  ["with keys and a transactional effect", { idempotency: { key: String }, effect: "transactional" }, undefined],
  ["whose effect is transactional in sequence", { effect: "transactional" }, 5],
])(
  "a consumer %s marks a message of a ledger as done by its lineage, and handles a second copy at most once",
  async (_, options, sequence) => {
    const { ran, deliver, isDone } = await trial(options);
    expect(await deliver(copy("m-1", "7", sequence, LEDGERED))).toEqual([]);
    expect(await isDone("m-1")).toBe(true);
    // On FIFO the second copy is the queue's to refuse, by its deduplication id.
    if (sequence === undefined) expect(await deliver(copy("m-2", "7", sequence, LEDGERED))).toEqual([]);
    // A transactional handler runs before its commit is refused.
    expect(ran.length).toBe(options.effect === "transactional" && sequence === undefined ? 2 : 1);
  },
);

test("a copy that fails stays open, and the other one is handled", async () => {
  let fails = true;
  const { deliver, isDone } = await trial({
    handle: () => {
      if (fails) throw new Error("not yet");
    },
  });
  expect(await deliver(copy("m-2"))).toEqual(["m-2"]);
  expect(await isDone("m-1")).toBe(false);
  fails = false;
  const again = copy("m-2");
  const attributes = { ...again.attributes, ApproximateReceiveCount: "2" };
  expect(await deliver({ ...again, attributes })).toEqual([]);
  expect(await isDone("m-1")).toBe(true);
});

test("messages that nobody sent again cost nothing", async () => {
  const { deliver, sent } = await trial();
  expect(await deliver(sqsRecord({ messageId: "m-0", body: "7" }))).toEqual([]);
  expect(sent()).toBe(0);
});

test.each([
  ["at once", { failFast: true }, { deadLetters: deadLetters(async () => {}) }],
  ["at its last receive", {}, { maxReceiveCount: 1 }],
] as const)(
  "a message that failed for good, %s, is handled at the first receive of its copy, however long its claim was leased",
  async (_, options, limits) => {
    let isBroken = true;
    const handled: unknown[] = [];
    const { deliver } = await trial(
      {
        ...options,
        idempotency: { key: String },
        handle: (body) => {
          if (isBroken) throw new PermanentFailure("it is broken");
          handled.push(body);
        },
      },
      limits,
    );
    await deliver(sqsRecord({ messageId: "m-1", body: "7" }));
    isBroken = false;
    expect(await deliver(copy("m-2"))).toEqual([]);
    expect(handled).toEqual([7]);
  },
);
