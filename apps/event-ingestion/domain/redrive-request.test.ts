import { expect, test } from "vitest";
import { readRedrive, readRedriveQuery } from "./redrive-request.ts";

test("a redrive takes 20 messages that died five minutes ago, of any error, where nobody says otherwise", () => {
  const request = { maxMessages: 20, minAgeSeconds: 300, perMessageDelayJitter: 0 };
  expect(readRedrive({})).toEqual({ kind: "valid", request });
  expect(readRedriveQuery({})).toEqual({ kind: "valid", request });
});

test("a query's numbers are read; what an error is called stays text", () => {
  const query = { maxMessages: "1000", errorType: "404", minAgeSeconds: "0", perMessageDelayJitter: "900" };
  const request = { maxMessages: 1_000, errorType: "404", minAgeSeconds: 0, perMessageDelayJitter: 900 };
  expect(readRedriveQuery(query)).toEqual({ kind: "valid", request });
});

test.each([
  [{ maxMessages: 1_001 }, "maxMessages"],
  [{ maxMessages: "5" }, "maxMessages"],
  [{ minAgeSeconds: -1 }, "minAgeSeconds"],
  [{ perMessageDelayJitter: 900.5 }, "perMessageDelayJitter"],
  [{ errorType: "" }, "errorType"],
  [{ errortype: "x" }, "errortype"],
  [[], "body"],
  [null, "body"],
])("%j is refused, and named", (value, field) => {
  expect(readRedrive(value)).toMatchObject({ kind: "invalid", fields: [{ field }] });
});
