import { describe, expect, test } from "vitest";
import { checkHistory } from "./check.ts";
import type { Delete, Operation, Outcome, Receive, Send, Span } from "./history.ts";

const done: Outcome = { kind: "done" };
const lost: Outcome = { kind: "lost" };
const refused = (code: string): Outcome => ({ kind: "refused", code });
const conditionFailed = refused("ConditionalCheckFailedException");
const cancelled = refused("TransactionCanceledException");

/** An operation whose times `find` gives, unless a test needs its own. */
type Untimed<T extends Operation> = Omit<T, keyof Span> & Partial<Span>;
type Step = { [Type in Operation["type"]]: Untimed<Extract<Operation, { type: Type }>> }[Operation["type"]];

/** What the checker finds in operations that followed each other, each of them one second long. */
function find(...steps: readonly Step[]): string[] {
  const operations = steps.map((each, index) => ({ startedMs: index * 1_000, endedMs: index * 1_000 + 900, ...each }));
  return checkHistory({ operations, fifoQueues: ["orders.fifo"], visibilityMs: 60_000 }).map(({ kind }) => kind);
}

function send(id: string, more: Partial<Send> = {}): Untimed<Send> {
  const { outcome = done } = more;
  return { type: "send", queue: "events", id, outcome, ...(outcome === done && { messageId: `m-${id}` }), ...more };
}

function receive(ids: readonly string[], more: Partial<Receive> = {}): Untimed<Receive> {
  return { type: "receive", queue: "events", messages: ids.map((id) => ({ id, messageId: `m-${id}` })), ...more };
}

function remove(id: string, more: Partial<Delete> = {}): Untimed<Delete> {
  return { type: "delete", queue: "events", messageId: `m-${id}`, receivedMs: 0, outcome: done, ...more };
}

const twin = { messages: [{ id: "a", messageId: "m-twin" }] };
const claim = (owner: string, outcome: Outcome): Step => ({ type: "claim", key: "key", owner, outcome });
const increment = (outcome: Outcome): Step => ({ type: "increment", key: "counter", outcome });
const write = (value: string | null, outcome: Outcome): Step => ({ type: "write", key: "key", value, outcome });
const read = (key: string, value: string | null): Step => ({ type: "read", key, value });

function transaction(outcome: Outcome, doomed = false): Step {
  return { type: "transaction", owner: "t", keys: ["t/1", "t/2"], counter: "total", doomed, outcome };
}

const fifo = { queue: "orders.fifo" };
const order = (place: number, more: Partial<Send> = {}): Step =>
  send(`a${place}`, { ...fifo, group: { name: "a", place }, ...more });

describe("messages", () => {
  test("a message that is sent, received and deleted breaks nothing", () => {
    expect(find(send("a"), receive(["a"]), remove("a"))).toEqual([]);
  });

  test("an accepted message that is never delivered is lost", () => {
    expect(find(send("a"))).toEqual(["lost"]);
  });

  test("a message that is delivered and then gone without a delete is lost", () => {
    expect(find(send("a"), receive(["a"]))).toEqual(["lost"]);
  });

  test("a send whose answer was lost may have made one message, or none, but not two", () => {
    const unanswered = send("a", { outcome: lost });
    expect(find(unanswered)).toEqual([]);
    expect(find(unanswered, receive(["a"]), remove("a"))).toEqual([]);
    expect(find(unanswered, receive(["a"]), remove("a"), receive([], twin), remove("twin"))).toEqual(["doubled"]);
  });

  test("a message that nobody sent is broken", () => {
    expect(find(receive(["a"]), remove("a"))).toEqual(["broken"]);
  });

  test("a deleted message that comes back is doubled", () => {
    expect(
      find(send("a"), receive(["a"]), remove("a"), receive(["a"], { startedMs: 70_000, endedMs: 70_900 })),
    ).toEqual(["doubled"]);
  });

  test("a delete whose answer was lost, or whose handle had expired, leaves a message that may come back", () => {
    const again = [
      receive(["a"], { startedMs: 70_000, endedMs: 70_900 }),
      remove("a", { receivedMs: 70_000, startedMs: 71_000, endedMs: 71_900 }),
    ];
    expect(find(send("a"), receive(["a"]), remove("a", { outcome: lost }), ...again)).toEqual([]);
    expect(find(send("a"), receive(["a"]), remove("a", { startedMs: 65_000, endedMs: 65_900 }), ...again)).toEqual([]);
  });

  test("a message in flight that is given to another receiver is doubled", () => {
    expect(find(send("a"), receive(["a"]), receive(["a"]), remove("a"))).toEqual(["doubled"]);
  });
});

describe("FIFO queues", () => {
  const receiveOrders = (...ids: string[]): Step => receive(ids, fifo);
  const removeOrder = (id: string): Step => remove(id, fifo);

  test("a send that is repeated with its deduplication id after a lost answer, and again later, gives one message", () => {
    const unanswered = order(1, { outcome: lost });
    expect(find(unanswered, order(1), receiveOrders("a1"), removeOrder("a1"), order(1))).toEqual([]);
  });

  test("a deduplication id that gives two messages is doubled", () => {
    const again = receive([], { ...fifo, messages: [{ id: "a1", messageId: "m-twin" }] });
    expect(find(order(1), order(1), receiveOrders("a1"), removeOrder("a1"), again, removeOrder("twin"))).toEqual([
      "doubled",
    ]);
  });

  test("a repeat that is accepted under another message id, and never delivered, is lost and doubled", () => {
    const accepted = order(1, { messageId: "m-twin" });
    expect(find(order(1), accepted, receiveOrders("a1"), removeOrder("a1")).sort()).toEqual(["doubled", "lost"]);
  });

  test("messages of one receive that are swapped are out of order", () => {
    expect(find(order(1), order(2), receiveOrders("a1", "a2"), removeOrder("a1"), removeOrder("a2"))).toEqual([]);
    expect(find(order(1), order(2), receiveOrders("a2", "a1"), removeOrder("a1"), removeOrder("a2"))).toEqual([
      "outOfOrder",
    ]);
  });

  test("a message that is delivered before an earlier one of its group is deleted is out of order", () => {
    const ends = [removeOrder("a2"), removeOrder("a1")];
    expect(find(order(1), order(2), receiveOrders("a2"), receiveOrders("a1"), ...ends)).toEqual(["outOfOrder"]);
    expect(find(order(1), order(2), receiveOrders("a1"), receiveOrders("a2"), ...ends)).toEqual(["outOfOrder"]);
  });

  test("another group may go first", () => {
    const other = send("b1", { ...fifo, group: { name: "b", place: 1 } });
    expect(
      find(order(1), other, receiveOrders("b1"), receiveOrders("a1"), removeOrder("a1"), removeOrder("b1")),
    ).toEqual([]);
  });

  test("a refused delete with an expired handle is no fault, and leaves the message to be deleted again", () => {
    const expired = remove("a1", { ...fifo, outcome: refused("InvalidParameterValue") });
    expect(find(order(1), receiveOrders("a1"), expired)).toEqual(["lost"]);
    expect(find(order(1), receiveOrders("a1"), expired, removeOrder("a1"))).toEqual([]);
  });
});

describe("conditional puts", () => {
  test("one winner whose item is there, others refused, is what is promised", () => {
    expect(find(claim("x", done), claim("y", conditionFailed), claim("z", lost), read("key", "x"))).toEqual([]);
  });

  test("two winners are broken", () => {
    expect(find(claim("x", done), claim("y", done), read("key", "y"))).toEqual(["broken"]);
  });

  test("a winner whose item is gone is lost, and so is what made another one fail", () => {
    expect(find(claim("x", done), read("key", null))).toEqual(["lost"]);
    expect(find(claim("x", conditionFailed), read("key", null))).toEqual(["lost"]);
  });

  test("an item of another owner than the winner is broken", () => {
    expect(find(claim("x", done), claim("y", lost), read("key", "y"))).toEqual(["broken"]);
    expect(find(claim("x", lost), claim("y", conditionFailed), read("key", "y"))).toEqual(["broken"]);
  });

  test("a put whose answer was lost may have won, or not", () => {
    expect(find(claim("x", lost), claim("x", conditionFailed), read("key", "x"))).toEqual([]);
    expect(find(claim("x", lost), read("key", null))).toEqual([]);
  });
});

describe("counters", () => {
  test("a counter stands between its acknowledged increments and those that may have happened", () => {
    const tries = [increment(done), increment(done), increment(lost)];
    expect(find(...tries, read("counter", "2"))).toEqual([]);
    expect(find(...tries, read("counter", "3"))).toEqual([]);
    expect(find(...tries, read("counter", "1"))).toEqual(["lost"]);
    expect(find(...tries, read("counter", "4"))).toEqual(["doubled"]);
  });
});

describe("writes", () => {
  test("the last acknowledged write is there, or a later one whose answer was lost", () => {
    expect(find(write("1", done), write("2", done), read("key", "2"))).toEqual([]);
    expect(find(write("1", done), write("2", lost), read("key", "1"))).toEqual([]);
    expect(find(write("1", done), write("2", lost), read("key", "2"))).toEqual([]);
    expect(find(write("1", done), write(null, done), read("key", null))).toEqual([]);
  });

  test("an older value, or none, is lost", () => {
    expect(find(write("1", done), write("2", done), read("key", "1"))).toEqual(["lost"]);
    expect(find(write("1", lost), write("2", done), read("key", null))).toEqual(["lost"]);
  });

  test("a deleted value that comes back is doubled", () => {
    expect(find(write("1", done), write(null, done), read("key", "1"))).toEqual(["doubled"]);
  });

  test("a value that nobody wrote is broken", () => {
    expect(find(write("1", done), read("key", "half of 1"))).toEqual(["broken"]);
  });

  test("what was read once stays, when no write follows", () => {
    expect(find(write("1", done), write("2", lost), read("key", "1"), read("key", "2"))).toEqual(["lost"]);
    expect(find(write("1", lost), read("key", "1"), read("key", null))).toEqual(["lost"]);
  });
});

describe("transactions", () => {
  const readAll = (first: string | null, second: string | null, total: string): Step[] => [
    read("t/1", first),
    read("t/2", second),
    read("total", total),
  ];

  test("a transaction is there whole, or not at all", () => {
    expect(find(transaction(done), ...readAll("t", "t", "1"))).toEqual([]);
    expect(find(transaction(lost), ...readAll("t", "t", "1"))).toEqual([]);
    expect(find(transaction(lost), ...readAll(null, null, "0"))).toEqual([]);
    expect(find(transaction(cancelled, true), ...readAll(null, null, "0"))).toEqual([]);
  });

  test("a half of one is broken", () => {
    expect(find(transaction(lost), ...readAll("t", null, "1"))).toEqual(["broken"]);
    expect(find(transaction(done), ...readAll(null, "t", "1"))).toEqual(["broken"]);
  });

  test("one that was acknowledged and is not there is lost", () => {
    expect(find(transaction(done), ...readAll(null, null, "0"))).toEqual(["lost"]);
  });

  test("one that was cancelled and is there, or was acknowledged against its condition, is broken", () => {
    expect(find(transaction(cancelled, true), ...readAll("t", "t", "1"))).toEqual(["broken"]);
    expect(find(transaction(done, true), ...readAll(null, null, "0"))).toEqual(["broken"]);
    expect(find(transaction(cancelled), ...readAll(null, null, "0"))).toEqual(["broken"]);
  });

  test("one that was repeated after a lost answer and counted twice is doubled; not counted, lost", () => {
    const tries = [transaction(lost), transaction(done)];
    expect(find(...tries, ...readAll("t", "t", "1"))).toEqual([]);
    expect(find(...tries, ...readAll("t", "t", "2"))).toEqual(["doubled"]);
    expect(find(...tries, ...readAll("t", "t", "0"))).toEqual(["lost"]);
  });
});

test("a refusal without a reason is broken", () => {
  expect(find(increment(refused("InternalFailure")), read("counter", "0"))).toEqual(["broken"]);
  expect(find(send("a", { outcome: refused("InvalidMessageContents") }))).toEqual(["broken"]);
});

test("a key that nobody read at the end proves nothing, and is broken", () => {
  expect(find(claim("x", done))).toEqual(["broken"]);
  expect(find(increment(done))).toEqual(["broken"]);
  expect(find(write("1", done))).toEqual(["broken"]);
  expect(find(transaction(lost))).toEqual(["broken"]);
});
