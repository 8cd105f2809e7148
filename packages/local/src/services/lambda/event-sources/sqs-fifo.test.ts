import { describe, expect, test } from "vitest";
import { bodies, numbered, PARTIAL, useSourceFixture } from "../../../../test/source-fixture.ts";

const { fixture, consumer, started, ended, queue, send, map, empty } = useSourceFixture();

// source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings": FIFO queues; "Using Lambda with Amazon SQS": example event
describe("an event source on a FIFO queue", () => {
  test("keeps the order of each group, and never has a group in two batches", async () => {
    const { url, arn } = await queue("orders.fifo", { FifoQueue: "true", VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("await wait(50);", { Timeout: 10 }) });
    const texts = numbered(60).map((each) => `${Number(each) % 3}-${each.padStart(2, "0")}`);
    await send(url, texts, (text) => text[0] ?? "");
    await map(arn, { BatchSize: 4 });
    await empty(url);
    for (const group of ["0", "1", "2"]) {
      const runs = ended().filter((run) => bodies([run]).some((body) => body.startsWith(group)));
      const sorted = runs.toSorted((a, b) => a.at - b.at);
      expect(bodies(sorted).filter((body) => body.startsWith(group))).toEqual(
        texts.filter((text) => text.startsWith(group)),
      );
      for (const [index, run] of sorted.entries()) expect(run.at).toBeGreaterThanOrEqual(sorted[index - 1]?.until ?? 0);
    }
  });

  test("gives the message group, and what failed again in order", async () => {
    const { url, arn } = await queue("orders.fifo", { FifoQueue: "true", VisibilityTimeout: "1" });
    await fixture().deploy({
      consumer: consumer("if (records[0].attributes.ApproximateReceiveCount === '1') return fail(records.slice(1));"),
    });
    await send(url, ["a", "b", "c"], () => "g");
    await map(arn, { BatchSize: 3, ...PARTIAL });
    await empty(url);
    expect(bodies(started())).toEqual(["a", "b", "c", "b", "c"]);
    expect(started()[0]?.records[0]?.attributes).toMatchObject({ MessageGroupId: "g", MessageDeduplicationId: "a" });
  });
});
