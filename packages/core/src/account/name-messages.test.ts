import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type EndedMessage, nameMessages } from "./name-messages.ts";

function end(number: number, kind: EndedMessage["kind"]): EndedMessage {
  return { messageId: `m-${number}`, queue: "orders", lineage: `m-${number}`, kind, endedAtMs: number };
}

test("a dead letter that was deleted and that nobody captured is named, and of many the newest with a count of the rest", async () => {
  const captured = sampleFailure({ lineage: "m-1" });
  const store = {
    failures: async (ids: readonly string[]) => ids.map((id) => (id === captured.id ? captured : undefined)),
  };
  const expired = Array.from({ length: 25 }, (_, number) => end(number + 100, "expired"));
  const named = await nameMessages([end(1, "deleted"), end(2, "deleted"), ...expired], store);
  expect(named).toEqual([
    { place: "deletedByHand", ids: ["m-2"], more: 0 },
    {
      place: "expired",
      ids: expired
        .toReversed()
        .slice(0, 20)
        .map(({ messageId }) => messageId),
      more: 5,
    },
  ]);
});

test("without a failure store every deleted dead letter was deleted by hand", async () => {
  const [named] = await nameMessages([end(1, "deleted")], undefined);
  expect(named).toEqual({ place: "deletedByHand", ids: ["m-1"], more: 0 });
});
