import { BadPayloadFailure, DependencyFailure } from "@reliq/core";
import { type FailedMessage, type FailureStore, groupId } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { redriveTrial } from "../../packages/aws/test/redrive-trial.ts";

// What users of such tools complain about, as far as recovery can do something about it.

const PATIENCE = { timeout: 60_000, interval: 100 };

async function recordOf(
  store: FailureStore,
  id: string,
  isThere: (record: FailedMessage) => boolean,
): Promise<FailedMessage> {
  const read = async (): Promise<FailedMessage | undefined> => (await store.failures([id]))[0];
  await expect
    .poll(async () => {
      const record = await read();
      return record !== undefined && isThere(record);
    }, PATIENCE)
    .toBe(true);
  return (await read()) as FailedMessage;
}

test("complaint 1: the reason of each death is kept, also when the message fails again for another one", async () => {
  let attempts = 0;
  const handle = (): void => {
    throw ++attempts === 1 ? new DependencyFailure("the stock is down") : new BadPayloadFailure("it has no lines");
  };
  const policy = {
    rules: [{ name: "may pass", when: { retryable: true }, then: ["heal" as const] }],
    backoff: { baseSeconds: 1, capSeconds: 1, jitter: "none" as const },
  };
  const { store, send } = await redriveTrial({ handle, policy });
  const id = await send('"order"');
  const record = await recordOf(store, id, ({ deaths }) => deaths === 2);
  expect(record).toMatchObject({ state: "held", cause: "threw", inferred: false, heals: 1 });
  expect(record.reason).toMatchObject({ errorName: "BadPayloadFailure", message: "it has no lines" });
  const { groups } = await store.listGroups({ filter: { queue: "orders" } });
  expect(groups.map(({ errorName, message, deaths }) => [errorName, message, deaths]).sort()).toEqual([
    ["BadPayloadFailure", "it has no lines", 1],
    ["DependencyFailure", "the stock is down", 1],
  ]);
}, 90_000);

test("complaint 12: who did what to which message is in the audit", async () => {
  const handle = (): void => {
    throw new BadPayloadFailure("broken");
  };
  const { store, send } = await redriveTrial({ handle });
  const id = await send('"order"');
  await recordOf(store, id, ({ state }) => state === "held");
  const [entry] = await store.audit("orders", 1);
  expect(entry).toMatchObject({ by: "reliq", action: "captured", subjects: [id] });
}, 90_000);

test("complaint 13: failures are grouped by their problem, and a group's messages are listed", async () => {
  const handle = (body: unknown): void => {
    throw String(body).startsWith("a")
      ? new BadPayloadFailure(`order ${"7".repeat(3)} is broken`)
      : new DependencyFailure("down");
  };
  const { store, send } = await redriveTrial({ handle });
  const ids = await Promise.all(["a1", "a2", "b1", "a3"].map((body) => send(JSON.stringify(body))));
  const records = await Promise.all(ids.map((id) => recordOf(store, id, ({ state }) => state === "held")));
  const fingerprint = records[0]?.reason.fingerprint ?? "";
  const { failures } = await store.listFailures({ filter: { queue: "orders", fingerprint } });
  expect(failures.map(({ id }) => id).sort()).toEqual([ids[0], ids[1], ids[3]].sort());
  expect((await store.groups([groupId("orders", fingerprint)]))[0]).toMatchObject({ deaths: 3, state: "open" });
}, 90_000);

test("complaint 17: a dead letter is captured at once, however little of its retention is left", async () => {
  const { store, send } = await redriveTrial({
    handle: () => {
      throw new BadPayloadFailure("broken");
    },
  });
  const id = await send('"order"');
  const { sentAtMs, capturedAtMs } = await recordOf(store, id, ({ state }) => state === "held");
  expect(capturedAtMs - sentAtMs).toBeLessThan(30_000);
}, 90_000);

test("a queue whose consumer knows nothing of Reliq is served too: its reasons are inferred, and marked so", async () => {
  const { store, send, receive } = await redriveTrial({ consumes: false });
  const id = await send('"order"');
  await receive();
  await receive();
  const record = await recordOf(store, id, ({ state }) => state === "held");
  expect(record).toMatchObject({ inferred: true, cause: "unknown", body: '"order"', attempts: [] });
  expect(record.reason.errorName).toBe("NoReasonKnown");
}, 90_000);

/** What SQS takes of such bodies; it refuses other control characters, and lone surrogates cannot be sent at all. */
const HOSTILE: readonly (readonly [name: string, body: string])[] = [
  ["1 MiB, to the byte", `"${"é".repeat(524_287)}"`],
  ["nested 100,000 deep", "[".repeat(100_000)],
  ["keys twice", '{"a":1,"a":2}'],
  ["numbers that JSON.parse changes", '{"a":1e400,"b":12345678901234567890123,"c":-0}'],
  ["a prototype's name", '{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'],
  ["HTML and a script", "<script>alert(1)</script><img src=x onerror=alert(1)>"],
  ["control characters, a BOM and other separators", "\u0009\u000a\u000d\ufeff\u2028\u2029\u0085\u200f"],
  ["controls of the upper half, which a terminal can obey", "\u007f\u009b2J\u0090\u202e"],
  ["escapes of a terminal as JSON writes them", '"\\u001b[2J\\u0000\\ud800"'],
  ["emoji beside half a megabyte", `🦆${"x".repeat(500_000)}👩‍👩‍👧`],
  ["spaces alone", " "],
];

test("hostile bodies, and bytes that are no UTF-8, are captured, archived and read back as they came", async () => {
  const { ports, store, send } = await redriveTrial({
    policy: { rules: [{ name: "all", when: {}, then: ["archive"] }] },
    handle: () => {
      throw new BadPayloadFailure("whatever it is");
    },
  });
  for (const [name, body] of HOSTILE) {
    const id = await send(body);
    const { archive, bodyBytes } = await recordOf(store, id, ({ state }) => state === "archived");
    expect(bodyBytes, name).toBe(Buffer.byteLength(body));
    const { failure } = await ports.archive.get(archive as NonNullable<FailedMessage["archive"]>);
    expect(failure.body === body, name).toBe(true);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  // A body is text, which has no other bytes; an attribute can have them.
  const BinaryValue = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00, 0x1b, 0x5b, 0xed, 0xa0, 0x80, 0x80]);
  const id = await send("{}", { raw: { DataType: "Binary.bytes", BinaryValue } });
  const { archive, attributes } = await recordOf(store, id, ({ state }) => state === "archived");
  const { failure } = await ports.archive.get(archive as NonNullable<FailedMessage["archive"]>);
  for (const { raw } of [attributes, failure.attributes]) {
    expect([raw?.dataType, Buffer.from(raw?.binaryValue ?? []).equals(BinaryValue)]).toEqual(["Binary.bytes", true]);
  }
}, 180_000);
