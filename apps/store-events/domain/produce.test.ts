import fc from "fast-check";
import { expect, test } from "vitest";
import { type Produced, type ProducePorts, produce } from "./produce.ts";

/** Ports on a time that only waiting moves, and on numbers that spread evenly. */
function testPorts(send: ProducePorts["send"]): ProducePorts {
  let nowMs = 0;
  let drawn = 0;
  return {
    send,
    random: () => (drawn++ * 0.618) % 1,
    now: () => nowMs,
    wait: async (milliseconds) => {
      nowMs += milliseconds;
    },
  };
}

const all: ProducePorts["send"] = async (messages) => messages.map((_, index) => index);

test("a round of five seconds sends about ninety events, some of them bad", async () => {
  const { accepted, bad } = await produce(5, testPorts(all));
  expect(accepted).toBeGreaterThanOrEqual(80);
  expect(accepted).toBeLessThanOrEqual(100);
  expect(bad).toBeGreaterThan(0);
  expect(bad).toBeLessThan(accepted / 2);
});

test("a round lasts as long as it is asked to, however slowly the queue answers", async () => {
  const ports = testPorts(async (messages) => {
    await ports.wait(700);
    return all(messages);
  });
  await produce(2, ports);
  expect(ports.now()).toBe(2_100);
});

test("only what the queue accepted counts, and of that only what has no store as bad", async () => {
  await fc.assert(
    fc.asyncProperty(fc.func(fc.boolean()), async (isAccepted) => {
      const taken: boolean[] = [];
      const ports = testPorts(async (messages) => {
        const indexes = messages.map((_, index) => index).filter((index) => isAccepted(taken.length, index));
        taken.push(...indexes.map((index) => messages[index]?.attributes?.["store_id"] === undefined));
        return indexes;
      });
      const produced = await produce(1, ports);
      expect(produced).toEqual({ accepted: taken.length, bad: taken.filter(Boolean).length });
    }),
  );
});

test("a burst that cannot be sent ends the round, and what was accepted before still counts", async () => {
  const failure = new Error("no connection");
  let bursts = 0;
  let sent = 0;
  const ports = testPorts(async (messages) => {
    if (++bursts === 3) throw failure;
    sent += messages.length;
    return all(messages);
  });
  const produced: Produced = await produce(5, ports);
  expect(produced).toMatchObject({ accepted: sent, failure });
  expect(bursts).toBe(3);
});
