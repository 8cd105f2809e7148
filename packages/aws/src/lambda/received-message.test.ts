import { expect, test } from "vitest";
import { sqsRecord } from "../../test/sqs-event.ts";
import { receivedMessage } from "./received-message.ts";

test("a record is a message with its queue, its counts and its times as numbers", () => {
  expect(receivedMessage(sqsRecord({ body: "[1]" }))).toEqual({
    messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
    queue: "orders",
    body: "[1]",
    attributes: {},
    receiveCount: 2,
    sentAtMs: 1545082649183,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
  });
});

test("attributes keep their types, and binary ones are bytes again", () => {
  const messageAttributes = {
    store_id: { stringValue: "5", stringListValues: [], binaryListValues: [], dataType: "Number" },
    empty: { stringValue: "", dataType: "String" },
    icon: { binaryValue: "AQID", dataType: "Binary.png" },
    __proto__x: { stringValue: "x", dataType: "String" },
  };
  expect(receivedMessage(sqsRecord({ messageAttributes })).attributes).toEqual({
    store_id: { dataType: "Number", stringValue: "5" },
    empty: { dataType: "String", stringValue: "" },
    icon: { dataType: "Binary.png", binaryValue: Buffer.from([1, 2, 3]) },
    __proto__x: { dataType: "String", stringValue: "x" },
  });
});

test("a FIFO message has its group and its place in it", () => {
  const { attributes } = sqsRecord();
  const fifo = { MessageGroupId: "AAPL", SequenceNumber: "18849496460467696128" };
  expect(receivedMessage(sqsRecord({ attributes: { ...attributes, ...fifo } }))).toMatchObject({
    groupId: "AAPL",
    sequenceNumber: "18849496460467696128",
  });
});
