import { redacted } from "@reliq/core";
import { type FailedMessage, type FailureDetail, OPERATIONS, type RecoverPorts } from "@reliq/core/recovery";
import { anyBody, redriveWorld, sampleFailure } from "@reliq/core/testing";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import type { ApiHandler } from "./http.ts";
import { recoveryApiHandler } from "./recovery-api-handler.ts";

const EMAIL = "ann.miller@shop.example";
const BODY = `{"orderId":"o-1", "amount":1.10,"email":"${EMAIL}","note":"mail to ${EMAIL}"}`;
const attributes = {
  email: { dataType: "String", stringValue: EMAIL },
  region: { dataType: "String", stringValue: "eu" },
};

/** A message that says a customer's address wherever one can be said. */
function personal(changes: Partial<FailedMessage> = {}): FailedMessage {
  const failure = sampleFailure({ lineage: "m-1", queue: "orders", body: BODY, attributes, ...changes });
  return {
    ...failure,
    reason: { ...failure.reason, message: `no customer with email: ${EMAIL}`, stack: `Error: no customer ${EMAIL}` },
    evidence: `attempt 3 is journalled: no customer ${EMAIL}`,
    attempts: failure.attempts.map((attempt) => ({ ...attempt, message: `email: ${EMAIL}` })),
    changes: [
      { kind: "repair", by: "trim", atMs: 1, diff: [`email: " ${EMAIL}" → "${EMAIL}"`, `note: "${EMAIL}" → ""`] },
    ],
    original: { body: BODY.replace(EMAIL, `old.${EMAIL}`), attributes },
  };
}

interface Api {
  readonly ports: RecoverPorts;
  /** Calls it as somebody with a role; gives the status and the answer's text. */
  readonly call: (role: string, method: string, path: string, body?: object) => Promise<readonly [number, string]>;
}

async function api(...failures: readonly FailedMessage[]): Promise<Api> {
  const world = redriveWorld(() => "processed");
  await world.put(failures);
  const schemas = () => ({ schema: anyBody, personalFields: redacted(["email"]) });
  const ports = { ...world.ports, schemas };
  const options = { policy: { rules: [] }, repairs: [], queues: [], wakeUpQueue: "wake-ups", ports };
  const handler = recoveryApiHandler(options, {});
  return { ports, call: (role, ...request) => callAs(handler, role, ...request) };
}

async function callAs(
  handler: ApiHandler,
  role: string,
  method: string,
  path: string,
  body?: object,
): Promise<readonly [number, string]> {
  const [rawPath = "", search = ""] = path.split("?");
  const claims = { sub: `${role}-1`, reliq_role: role };
  const answer = await handler({
    rawPath,
    headers: {},
    queryStringParameters: Object.fromEntries(new URLSearchParams(search)),
    ...(body && { body: JSON.stringify(body) }),
    requestContext: { requestId: "r", stage: "$default", http: { method }, authorizer: { jwt: { claims } } },
  } as unknown as APIGatewayProxyEventV2);
  return [answer.statusCode ?? 0, answer.body ?? ""];
}

test("no answer to who only reads holds a personal value, whatever is asked", async () => {
  const { call } = await api(personal());
  const given: Readonly<Record<string, string>> = { queue: "orders", chain: "orders", whole: "true" };
  for (const [name, { method, path, role, fields }] of Object.entries(OPERATIONS)) {
    if (method !== "GET") continue;
    const query = Object.keys(fields).flatMap((field) => (given[field] ? [`${field}=${given[field]}`] : []));
    const ids: Readonly<Record<string, string>> = { failure: "orders:m-1", group: "orders:1:00000000deadbeef" };
    const filled = path.replace(/\{(\w+)\}/, (_, variable: string) => ids[variable] ?? "orders:x");
    const [, text] = await call(role, method, `${filled}?${query.join("&")}`);
    expect([name, text.includes(EMAIL)]).toEqual([name, false]);
  }
});

test("who only reads sees where the values are, and an approver sees them", async () => {
  const { call } = await api(personal());
  const [, text] = await call("viewer", "GET", "/failures/orders:m-1");
  const seen: FailureDetail = JSON.parse(text);
  expect(seen.body).toBe('{"orderId":"o-1", "amount":1.10,"email":"[redacted 1]","note":"[redacted 2]"}');
  expect(seen.masked).toEqual(["email"]);
  expect(seen.failure.attributes).toEqual({ ...attributes, email: { dataType: "String", stringValue: "[redacted]" } });
  expect(seen.failure.changes[0]?.diff).toEqual(['email: "[redacted]" → "[redacted]"', 'note: "[redacted]" → ""']);
  const [, clear] = await call("approver", "GET", "/failures/orders:m-1");
  expect(JSON.parse(clear)).toMatchObject({ body: BODY, failure: { attributes } });
  expect(JSON.parse(clear).masked).toBeUndefined();
});

test("an operator edits what is shown with masks, and the values behind them stay", async () => {
  const { call, ports } = await api(personal());
  const { body, failure }: FailureDetail = JSON.parse((await call("operator", "GET", "/failures/orders:m-1"))[1]);
  const edited = { failure: failure.id, body: body.replace("1.10", "2"), attributes: failure.attributes };
  const [status, refused] = await call("operator", "POST", "/failures/edit", edited);
  expect([status, refused]).toEqual([400, expect.stringContaining("needs the `version` that you saw")]);
  const [done, answer] = await call("operator", "POST", "/failures/edit", { ...edited, version: failure.version });
  expect([done, answer.includes(EMAIL)]).toEqual([200, false]);
  expect(JSON.parse(answer).diff).toEqual(["amount: 1.1 → 2"]);
  const [stored] = await ports.store.failures([failure.id]);
  expect(stored).toMatchObject({ body: BODY.replace("1.10", "2"), attributes });
});

test("a mask that an operator has moved is refused, and nothing is changed", async () => {
  const { call, ports } = await api(personal());
  const [before] = await ports.store.failures(["orders:m-1"]);
  for (const change of [
    { body: '{"orderId":"[redacted 1]"}' },
    { body: "[redacted]" },
    { attributes: { region: { dataType: "String", stringValue: "[redacted]" } } },
  ]) {
    const [status, text] = await call("operator", "POST", "/failures/edit", {
      failure: "orders:m-1",
      version: 1,
      ...change,
    });
    expect([status, JSON.parse(text).code]).toEqual([400, "edit-masked"]);
  }
  expect(await ports.store.failures(["orders:m-1"])).toEqual([before]);
});

test("what hid a value still hides it after an operator took the value's own field away", async () => {
  const { call } = await api(personal({ version: 1 }));
  const body = '{"orderId":"o-1","note":"[redacted 2]"}';
  expect((await call("operator", "POST", "/failures/edit", { failure: "orders:m-1", version: 1, body }))[0]).toBe(200);
  expect((await call("operator", "GET", "/failures/orders:m-1"))[1]).not.toContain(EMAIL);
});
