import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { Members } from "../../kernel/service.ts";
import { newQueue, openRegion, type TestRegion } from "./fixture.ts";

let local: TestRegion | undefined;
afterEach(() => local?.close());

/** What a FIFO queue should hold: each group's messages in the order of their sends. */
interface Expected {
  readonly body: string;
  visibleAt: number;
  handle: string | undefined;
}
type Groups = Map<string, Expected[]>;

const step = fc.oneof(
  fc.record({ kind: fc.constant("send"), group: fc.constantFrom("a", "b", "c") }),
  fc.record({
    kind: fc.constant("receive"),
    most: fc.integer({ min: 1, max: 10 }),
    visibility: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant("delete"), pick: fc.nat() }),
  fc.record({ kind: fc.constant("change"), pick: fc.nat(), visibility: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant("wait"), seconds: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant("restart") }),
);
type Step = Members & { kind: string };

// source: Amazon SQS developer guide, "FIFO queue delivery logic"
test("each receive gives whole starts of groups that nobody holds, in order, and leaves none of them out", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 100 }), async (steps) => {
      local = await openRegion();
      const url = await newQueue(local, { FifoQueue: "true" });
      const groups: Groups = new Map();
      for (const [index, each] of steps.entries()) await carryOut(each as Step, index, url, groups);
      await local.close();
      local = undefined;
    }),
    { numRuns: 30 },
  );
}, 120_000);

async function carryOut(step: Step, index: number, url: string, groups: Groups): Promise<void> {
  const now = (local as TestRegion).clock.now();
  const held = [...groups.values()].flat().filter((each) => each.handle !== undefined && each.visibleAt > now);
  const picked = held[(step["pick"] as number) % Math.max(1, held.length)];
  const seconds = step["visibility"] as number;
  if (step.kind === "send") {
    const group = String(step["group"]);
    const input = { MessageGroupId: group, MessageDeduplicationId: String(index) };
    await call("SendMessage", { QueueUrl: url, MessageBody: `${group}${index}`, ...input });
    groups.set(group, [...(groups.get(group) ?? []), { body: `${group}${index}`, visibleAt: 0, handle: undefined }]);
  } else if (step.kind === "receive") {
    const most = step["most"] as number;
    const { Messages = [] } = await call("ReceiveMessage", {
      QueueUrl: url,
      MaxNumberOfMessages: most,
      VisibilityTimeout: seconds,
    });
    checkReceived(Messages as Received[], groups, most, now, now + seconds * 1_000);
  } else if (step.kind === "delete" && picked) {
    await call("DeleteMessage", { QueueUrl: url, ReceiptHandle: picked.handle });
    for (const [group, all] of groups)
      groups.set(
        group,
        all.filter((each) => each !== picked),
      );
  } else if (step.kind === "change" && picked) {
    await call("ChangeMessageVisibility", { QueueUrl: url, ReceiptHandle: picked.handle, VisibilityTimeout: seconds });
    picked.visibleAt = now + seconds * 1_000;
  } else if (step.kind === "wait") {
    local?.clock.advance(step["seconds"] as number);
  } else if (step.kind === "restart") {
    local = await local?.restart();
  }
}

interface Received {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

function checkReceived(received: Received[], groups: Groups, most: number, now: number, visibleAt: number): void {
  const free = [...groups].filter(([, all]) => all.every((each) => each.visibleAt <= now));
  const available = free.reduce((count, [, all]) => count + all.length, 0);
  expect(received).toHaveLength(Math.min(most, available));
  for (const [group, all] of groups) {
    const given = received.filter((each) => each.Body.startsWith(group));
    if (given.length > 0) expect(free.map(([name]) => name)).toContain(group);
    expect(given.map((each) => each.Body)).toEqual(all.slice(0, given.length).map((each) => each.body));
    for (const [index, each] of given.entries()) {
      Object.assign(all[index] as Expected, { handle: each.ReceiptHandle, visibleAt });
    }
  }
}

function call(action: string, input: Members): Promise<Members> {
  return (local as TestRegion).region.call("sqs", action, input);
}
