import { expect, test } from "vitest";
import { anyBody } from "../testing/index.ts";
import { turnedAround } from "../testing/run-batch.ts";
import { type ConsumerOptions, consumer } from "./consumer.ts";
import { decrypted } from "./message/decrypted.ts";
import { snsNotification } from "./message/sns-notification.ts";
import { redacted } from "./redact/redacted.ts";
import { exponential } from "./retry/backoff.ts";

const OPTIONS = { name: "orders", schema: anyBody, handle: (): void => {} };

const cyclic: { self?: object } = {};
cyclic.self = cyclic;

test("what is not said has its default", () => {
  const defaults = { concurrency: 10, effect: "any", failFast: false, onPoison: "skip", order: "group" };
  expect(consumer(OPTIONS)).toEqual({ ...OPTIONS, ...defaults });
  const said: ConsumerOptions<unknown> = {
    ...OPTIONS,
    concurrency: 1,
    effect: "transactional",
    encryptedFields: decrypted(["card"], turnedAround),
    envelope: snsNotification,
    failFast: true,
    order: "none",
    onPoison: "skip",
    personalFields: redacted(["ssn_no"]),
    idempotency: { key: () => "k", ttlSeconds: 60, keepResult: true },
    retry: { backoff: exponential() },
    timeoutSeconds: 0.5,
  };
  expect(consumer(said)).toEqual(said);
});

const NAME = "1 to 80 letters, digits, '-', '_', '+' or '.'";
const RETRY = "`{ backoff: exponential() }`";
const SCHEMA = "a Standard Schema, such as `v.object({…})` of valibot";

test.each([
  { option: "name", value: undefined, shown: "undefined", takes: NAME },
  { option: "name", value: "", shown: '""', takes: NAME },
  { option: "name", value: "my orders", shown: '"my orders"', takes: NAME },
  { option: "name", value: 10n, shown: "10", takes: NAME },
  { option: "schema", value: null, shown: "null", takes: SCHEMA },
  { option: "schema", value: { type: "object" }, shown: '{"type":"object"}', takes: SCHEMA },
  { option: "schema", value: { "~standard": { version: 2 } }, shown: '{"~standard":{"version":2}}', takes: SCHEMA },
  { option: "schema", value: { "~standard": { version: 1 } }, shown: '{"~standard":{"version":1}}', takes: SCHEMA },
  { option: "schema", value: JSON.parse, shown: "a function", takes: SCHEMA },
  { option: "schema", value: cyclic, shown: "(a value that cannot be read)", takes: SCHEMA },
  { option: "handle", value: "handle", shown: '"handle"', takes: "a function `(body, context) => …`" },
  { option: "failFast", value: "yes", shown: '"yes"', takes: "true or false" },
  { option: "failFast", value: undefined, shown: "undefined", takes: "true or false" },
  { option: "order", value: "fifo", shown: '"fifo"', takes: '"group" or "none"' },
  { option: "concurrency", value: 0, shown: "0", takes: "a whole number from 1 to 10000" },
  { option: "concurrency", value: "5", shown: '"5"', takes: "a whole number from 1 to 10000" },
  { option: "timeoutSeconds", value: 0, shown: "0", takes: "a number from 0.001 to 43200" },
  { option: "retry", value: {}, shown: "{}", takes: RETRY },
  { option: "envelope", value: "sns", shown: '"sns"', takes: "a function, such as `snsNotification`" },
  {
    option: "encryptedFields",
    value: ["card"],
    shown: '["card"]',
    takes: "`decrypted([…], decryption)`",
  },
  { option: "personalFields", value: ["dob"], shown: '["dob"]', takes: "`redacted([…])`" },
])("option $option of $shown is refused with what it takes", ({ option, value, shown, takes }) => {
  const message = `consumer(): option \`${option}\` is ${shown}; it takes ${takes}.`;
  expect(() => consumer({ ...OPTIONS, [option]: value })).toThrow(
    expect.objectContaining({ code: "consumer-option", message }),
  );
});

test.each(["failfast", "retries", "toString", "__defineGetter__"])("an option %s there is not is refused", (option) => {
  expect(() => consumer({ ...OPTIONS, [option]: true })).toThrow(
    `consumer(): there is no option \`${option}\`; the options are name, version, schema, handle, idempotency, effect, retry, order, onPoison, concurrency, timeoutSeconds, failFast, envelope, encryptedFields, personalFields.`,
  );
});

test("a misspelt option is named before the one that it should have been", () => {
  const { handle, ...others } = OPTIONS;
  expect(() => consumer({ ...others, handel: handle } as never)).toThrow("there is no option `handel`");
});

test("no options at all are refused", () => {
  expect(() => consumer(undefined as never)).toThrow("option `name` is undefined");
});
