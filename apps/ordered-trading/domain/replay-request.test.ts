import { expect, test } from "vitest";
import { readReplayRequest } from "./replay-request.ts";

const NOW = Date.UTC(2026, 10, 26, 12);
const read = (request: unknown) => readReplayRequest({ replay_request: request }, NOW);

test("only the start has to be there: until now, of all groups, and it sends", () => {
  const fromMs = Date.UTC(2026, 10, 26, 10);
  expect(read({ start_time: "2026-11-26T10:00:00Z" })).toEqual({ fromMs, toMs: NOW, dryRun: false });
  // Without a zone it is UTC.
  expect(read({ start_time: "2026-11-26T10:00:00" })).toMatchObject({ fromMs });
});

test("all that can be asked for is read", () => {
  const request = {
    start_time: "2026-11-26T10:00:00Z",
    end_time: "2026-11-26T11:00:00Z",
    message_group_id: "account-1",
    dry_run: true,
  };
  const times = { fromMs: Date.UTC(2026, 10, 26, 10), toMs: Date.UTC(2026, 10, 26, 11) };
  expect(read(request)).toEqual({ ...times, messageGroupId: "account-1", dryRun: true });
});

test.each([
  [{}, "replay_request.start_time"],
  [{ start_time: "yesterday" }, "replay_request.start_time (Expected a time"],
  [{ start_time: "2026-13-40T10:00:00Z" }, "replay_request.start_time (Expected a time that exists"],
  [{ start_time: 7 }, "replay_request.start_time"],
  [{ start_time: "2026-11-26T13:00:00Z" }, "is not before now, 2026-11-26T12:00:00.000Z"],
  [{ start_time: "2026-11-26T10:00:00Z", end_time: "2026-11-26T10:00:00Z" }, "is not before `end_time`"],
  [{ start_time: "2026-11-26T10:00:00Z", dry_run: "yes" }, "replay_request.dry_run"],
  [{ start_time: "2026-11-26T10:00:00Z", message_group_id: "" }, "replay_request.message_group_id"],
  [{ start_time: "2026-11-26T10:00:00Z", group: "a" }, "replay_request.group"],
  [undefined, "replay_request"],
])("%j is refused by the field that is wrong, with what it takes", (request, field) => {
  expect(() => read(request)).toThrow(expect.objectContaining({ code: "replay-request" }));
  expect(() => read(request)).toThrow(field);
  expect(() => read(request)).toThrow("of which only start_time is needed");
});
