import { expect, test } from "vitest";
import { readRecoveredQueues } from "./recovered-queue.ts";

const WAKE_UPS = "https://sqs.eu-west-1.amazonaws.com/111122223333/wake-ups";

const read = (text: string): unknown => readRecoveredQueues({ RELIQ_RECOVERED_QUEUES: text }, WAKE_UPS);

test("a queue lies beside the queue of reminders, unless it says where it lies", () => {
  const elsewhere = "https://sqs.eu-west-1.amazonaws.com/999988887777/stock";
  const text = JSON.stringify([
    ["orders", "orders-dead", 3, 20],
    ["stock", "stock-dead", 5, 60, elsewhere],
  ]);
  expect(read(text)).toEqual([
    {
      name: "orders",
      url: "https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
      deadLetterQueue: "orders-dead",
      maxReceiveCount: 3,
      visibilitySeconds: 20,
    },
    { name: "stock", url: elsewhere, deadLetterQueue: "stock-dead", maxReceiveCount: 5, visibilitySeconds: 60 },
  ]);
});

test.each(["", "{", "{}", "[1]", '[["orders"]]', '[["orders","dead",0,20]]', '[["","dead",1,20]]'])(
  "%o is refused, with what the variable takes",
  (text) => {
    expect(() => read(text)).toThrow("RELIQ_RECOVERED_QUEUES");
  },
);
