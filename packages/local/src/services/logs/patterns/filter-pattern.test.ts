import { describe, expect, test } from "vitest";
import { readFilterPattern } from "./filter-pattern.ts";

const fits = (pattern: string, event: unknown): boolean =>
  readFilterPattern(pattern)(typeof event === "string" ? event : JSON.stringify(event)) !== undefined;

// The rules and most patterns: CloudWatch Logs user guide, "Filter pattern syntax".
describe("a JSON pattern", () => {
  const event = {
    level: "error",
    status: 404,
    ratio: 0.5,
    ip: "123.123.1.2",
    ok: true,
    off: null,
    "a.b": "dotted",
    items: [{ price: 5 }, { price: 9 }],
    nested: { name: "x" },
    text: "7",
  };
  test.each([
    '{ $.level = "error" }',
    "{ $.level = error }",
    '{ $.level = "err*" && $.status = 4* }',
    "{ $.level != warn }",
    "{ $.ip = 123.123.* }",
    "{ $.status >= 404 && $.status < 5e2 }",
    "{ $.ratio = 0.50 }",
    "{ ($.level = warn) || ($.status = 404 && $.ok IS TRUE) }",
    "{ $.level = error || $.level = warn && $.status = 1 }",
    "{ $.off IS NULL }",
    "{ $.absent NOT EXISTS }",
    '{ $.level = "*" }',
    '{ $.status = "*" }',
    "{ $.['a.b'] = dotted }",
    "{ $.items[1].price = 9 }",
    "{ $.items[*].price = 9 }",
    "{ $.nested.name = x }",
    "{$.level=%^err|warn$%}",
    "{ $.text = 7 }",
    "{ $.off is null }",
  ])("%s fits", (pattern) => expect(fits(pattern, event)).toBe(true));

  test.each([
    '{ $.level = "ERROR" }',
    "{ $.level != error }",
    "{ $.absent != error }",
    "{ $.absent = * }",
    "{ $.text > 5 }",
    '{ $.status = "404" }',
    "{ $.off NOT EXISTS }",
    "{ $.ok IS FALSE }",
    "{ ($.level = error || $.level = warn) && $.status = 1 }",
    "{ $.items[2].price = 9 }",
    "{ $.nested = * }",
    "{ $.constructor = * }",
  ])("%s does not fit", (pattern) => expect(fits(pattern, event)).toBe(false));

  test("fits no event that is not JSON as a whole", () => {
    expect(fits("{ $.a NOT EXISTS }", "2026 INFO {}")).toBe(false);
    expect(fits("{ $.a NOT EXISTS }", '{"b": 1')).toBe(false);
  });
});

describe("a pattern of fields", () => {
  const event = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  test.each([
    "[ip, user, username, timestamp, request, status, bytes]",
    "[ip, user, username, timestamp, request=GET*, status=4*, bytes>1000]",
    '[ip, ..., status = "4*", bytes > 10]',
    "[..., status=404 || status=410, bytes]",
    "[ip=127.*, ...]",
    "[..., bytes >= 1534 && bytes < 2000]",
    "[w1=%^127%, ...]",
  ])("%s fits", (pattern) => expect(fits(pattern, event)).toBe(true));

  test.each(["[ip, user, username]", "[..., status!=404, bytes]", "[ip, ..., status = 5*, bytes]"])(
    "%s does not fit",
    (pattern) => expect(fits(pattern, event)).toBe(false),
  );

  test("gives its fields", () => {
    const match = readFilterPattern("[ip, ..., status, bytes]")(event);
    expect(match?.extracted).toEqual({ $ip: "127.0.0.1", $status: "404", $bytes: "1534" });
    expect(match?.valueOf("$bytes")).toBe("1534");
  });
});

test.each([
  ["", "anything", true],
  ["ERROR timeout", "timeout ERROR", true],
  ["ERROR -timeout", "timeout ERROR", false],
  ["?ERROR ?WARN", "a WARN", true],
  ['"a phrase"', "it is a phrase here", true],
  ["%5[0-9]{2}%", "status 503", true],
  ["%^5%", "status 503", false],
])("terms %j and %j: %j", (pattern, event, expected) => expect(fits(pattern, event)).toBe(expected));

test.each([
  "{ $.a }",
  "{ level = 1 }",
  "{ $.a = 1",
  "{ ($.a = 1 }",
  "{ $.a = 1 && }",
  "{ $.a EXISTS }",
  "{ $.a > b }",
  "{ $.a = 1 $.b = 2 }",
  "{ }",
  "[a, b",
  "[a, b = ]",
  "[a, ..., b, ...]",
  "[a = 1 || b = 1]",
  "[]",
  "%(a)%",
  "%a",
  `"${"x".repeat(1_024)}"`,
])("%s is refused", (pattern) => {
  expect(() => readFilterPattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
});
