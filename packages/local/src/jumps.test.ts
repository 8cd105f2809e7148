import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { useJumpFixture } from "../test/jump-fixture.ts";
import { killProcess, startRegionChild } from "../test/region-child.ts";

const fixture = useJumpFixture();

async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const init = { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) };
  return fetch(fixture().region.endpoint + path, init);
}

async function newQueue(attributes: Record<string, string> = {}): Promise<string> {
  const input = { QueueName: `q${attributes["FifoQueue"] ? ".fifo" : ""}`, Attributes: attributes };
  return (await fixture().sqs.send(new CreateQueueCommand(input))).QueueUrl ?? "";
}

/** Seconds that the region says it is ahead of the machine, by its clock. */
function ahead(): number {
  return Math.round((Date.parse(fixture().region.status().now) - Date.now()) / 1_000) || 0;
}

test("a jump sets the region ahead, and its answer and its status say so", async () => {
  const answer = await post("/_reliq/jump", { seconds: 90 });
  expect([answer.status, await answer.json()]).toEqual([200, { now: expect.any(String), aheadSeconds: 90 }]);
  expect(await fixture().region.jump({ seconds: 10 })).toMatchObject({ aheadSeconds: 100 });
  expect(ahead()).toBe(100);
  const { notes, aheadSeconds, uptimeSeconds } = fixture().region.status();
  expect(notes).toEqual([
    "Time can jump here (reliq local jump 5m); the region is 100 s ahead of this machine's time.",
  ]);
  expect(aheadSeconds).toBe(100);
  expect(uptimeSeconds).toBeLessThan(90);
});

test("where jumps are off, a jump is refused, and a region that has jumped stays ahead and says so", async () => {
  await fixture().region.jump({ seconds: 60 });
  await fixture().restart({ jumps: false });
  const refused = await post("/_reliq/jump", { seconds: 60 });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    expect.objectContaining({ message: "Time does not jump in this region: start it with --jumps." }),
  ]);
  expect(ahead()).toBe(60);
  expect(fixture().region.status().notes).toEqual([
    "The region is 60 s ahead of this machine's time, from jumps before, and its functions with it; reliq local reset ends that.",
  ]);
});

test.each([0, -1, 1.5, "60", null, 14 * 86_400 + 1])(
  "a jump of %j seconds is refused, with what can be",
  async (seconds) => {
    const refused = await post("/_reliq/jump", { seconds });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ message: `A jump takes 1 to 1209600 whole seconds, not ${JSON.stringify(seconds)}.` }),
    ]);
    expect(ahead()).toBe(0);
  },
);

test("a wait of more than 4 minutes is refused", async () => {
  expect(await (await post("/_reliq/jump", { seconds: 1, waitSeconds: 241 })).json()).toMatchObject({
    message: "The wait for a jump takes 0 to 240 whole seconds, not 241.",
  });
});

test("ten jumps at once come one after the other, and each counts", async () => {
  const jumps = await Promise.all(Array.from({ length: 10 }, () => fixture().region.jump({ seconds: 60 })));
  expect(jumps.map(({ aheadSeconds }) => aheadSeconds)).toEqual([60, 120, 180, 240, 300, 360, 420, 480, 540, 600]);
});

test("a page of another site cannot make time jump", async () => {
  const { endpoint } = fixture().region;
  const init = { method: "POST", body: '{"seconds":60}', headers: { origin: "https://elsewhere.example" } };
  expect((await fetch(`${endpoint}/_reliq/jump`, init)).status).toBe(403);
  expect(ahead()).toBe(0);
});

test("a long poll does not keep time from jumping; one whose wait has passed returns empty at once", async () => {
  const url = await newQueue();
  const began = performance.now();
  const polled = fixture().receive(url, 20);
  await fixture().region.jump({ seconds: 21 });
  expect(await polled).toEqual([]);
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("a long poll that would have got a message before its end gets it at once, however far time jumps", async () => {
  const url = await newQueue();
  await fixture().sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "later", DelaySeconds: 10 }));
  const polled = fixture().receive(url, 20);
  await fixture().region.jump({ seconds: 600 });
  expect(await polled).toMatchObject([{ Body: "later" }]);
});

/** A request whose body has no end yet; answered once it is ended. */
function openRequest(): { end(): void; readonly answered: Promise<unknown> } {
  const request = httpRequest(`${fixture().region.endpoint}/_reliq/status`, { method: "POST" });
  request.flushHeaders();
  const answered = once(request, "response");
  return { end: () => request.end(), answered };
}

const REFUSED =
  "Time jumps only when nothing runs, and after 0 s there is still: a request. Let it end, or wait longer with --wait.";

test("a request that is under way keeps time from jumping until it is answered", async () => {
  const held = openRequest();
  await expect
    .poll(async () => (await post("/_reliq/jump", { seconds: 1, waitSeconds: 0 })).json())
    .toMatchObject({ message: REFUSED });
  const before = ahead();
  const jump = post("/_reliq/jump", { seconds: 60 });
  held.end();
  await held.answered;
  expect((await jump).status).toBe(200);
  expect(ahead()).toBe(before + 60);
});

test("who hangs up while a jump waits is not jumped for", async () => {
  const held = openRequest();
  await expect(post("/_reliq/jump", { seconds: 60 }, AbortSignal.timeout(300))).rejects.toThrow();
  held.end();
  await held.answered;
  expect(await fixture().region.jump({ seconds: 1 })).toMatchObject({ aheadSeconds: 1 });
});

test("a region that stops does not wait for a jump that waits", async () => {
  const held = openRequest();
  const refused = expect(fixture().region.jump({ seconds: 60, waitSeconds: 240 })).rejects.toThrow("The region stops");
  void held.answered.catch(() => {});
  await fixture().region.stop();
  await refused;
});

test("killed right after a jump and started again, a region is not back in time", async () => {
  const state = join(fixture().directory, "killed");
  let before = 0;
  for (let round = 1; round <= 2; round++) {
    const { child, endpoint } = await startRegionChild(state, { jumps: true });
    const init = { method: "POST", body: '{"seconds":3600}' };
    const answer = await (await fetch(`${endpoint}/_reliq/jump`, init)).json();
    await killProcess(child);
    const { now, aheadSeconds } = answer as { now: string; aheadSeconds: number };
    expect(aheadSeconds).toBe(round * 3_600);
    expect(Date.parse(now)).toBeGreaterThan(before);
    before = Date.parse(now);
  }
});
