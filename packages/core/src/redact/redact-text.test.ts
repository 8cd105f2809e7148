import { inspect } from "node:util";
import { expect, test } from "vitest";
import { REDACTED, redactText } from "./redact-text.ts";

const redact = redactText(["ssn_no", "dob", "名前"]);

test.each([
  ['{"ssn_no":"123-45-6789","name":"Jo"}', '{"ssn_no":"[redacted]","name":"Jo"}'],
  ['{"ssn_no" : 123456789, "name":"Jo"}', '{"ssn_no" : [redacted], "name":"Jo"}'],
  ['{"dob":{"day":31,"of":["} ",1]},"name":"Jo"}', '{"dob":[redacted],"name":"Jo"}'],
  ['{"dob":["1990",{"m":1}],"name":"Jo"}', '{"dob":[redacted],"name":"Jo"}'],
  ['{"dob":"a\\"b\\\\","name":"Jo"}', '{"dob":"[redacted]","name":"Jo"}'],
  ['{"dob":null}', '{"dob":[redacted]}'],
  ["{ ssn_no: '123-45', dob: 5 }", "{ ssn_no: '[redacted]', dob: [redacted] }"],
  ["ssn_no=123-45&dob=1990&name=Jo", "ssn_no=[redacted]&dob=[redacted]&name=Jo"],
  ["Map(1) { 'dob' => '1990' }", "Map(1) { 'dob' => '[redacted]' }"],
  ["{ dob: Map(1) { 'of' => '}19' }, a: 1 }", "{ dob: [redacted], a: 1 }"],
  ["{ dob: Birth { of: [Object: null prototype] {} }, a: 1 }", "{ dob: [redacted], a: 1 }"],
  ["order.ssn_no: 123-45", "order.ssn_no: [redacted]"],
  ['{"名前":"花子"}', '{"名前":"[redacted]"}'],
  ['{"dob":"1990-01', '{"dob":"[redacted]"'],
  ['{"dob":{"day":31', '{"dob":[redacted]'],
  ['"{\\"dob\\":\\"1990" is cut', '"{\\"dob\\":\\"[redacted]\\"" is cut'],
  ['"line\\ndob: 1990"', '"line\\ndob: [redacted]'],
])("%j becomes %j", (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test.each(["dob", "no dob given", "my_dob: 5", "dobs: 5", "the dob is missing", "dob:", "setDob (index.mjs:1:1)"])(
  "%j stays as it is",
  (text) => {
    expect(redact(text)).toBe(text);
  },
);

test("JSON in JSON is looked into, however deep", () => {
  const text = [1, 2, 3, 4].reduce(
    (json) => JSON.stringify({ body: json }),
    JSON.stringify({ dob: 'Z"\\Z\\', x: "y" }),
  );
  const redacted = redact(text);
  expect(redacted).not.toContain("Z");
  expect([1, 2, 3, 4].reduce((json) => JSON.parse(json).body, redacted)).toBe(`{"dob":"${REDACTED}","x":"y"}`);
});

test("an inspected object is looked into", () => {
  expect(redact(inspect({ order: { dob: "it's 1990", list: [{ ssn_no: 'a"b' }] } }, { depth: 9 }))).not.toMatch(
    /1990|a"b/,
  );
});

test("what JSON.parse quotes of an unreadable text is taken out", () => {
  for (const text of ['{"ssn_no":"123-45-6789}', '{"a":1,"ssn_no":123-45-6789,"z":1,"y":"long enough"}', "123-45"]) {
    let thrown: unknown;
    try {
      JSON.parse(text);
    } catch (error) {
      thrown = error;
    }
    expect(redact(String(thrown))).not.toMatch(/123|45/);
  }
});

test("known values are taken out wherever they stand, short ones only where they stand alone", () => {
  const known = redactText(["dob"], ["Jo Doe", 'a"b\n', "m", "7", ":", "日"]);
  expect(known('Jo Doe (m, 7): "a\\"b\\n" mum 77')).toBe('[redacted] ([redacted], [redacted]): "[redacted]" mum 77');
});

test("a text with more known values than can be looked for is withheld whole", () => {
  const values = Array.from({ length: 1_000 }, (_, index) => `value-${index}`);
  expect(redactText(["dob"], values)("x".repeat(100_000))).toBe(REDACTED);
});

test("without personal fields a text stays as it is", () => {
  expect(redactText([])('{"dob":1}')).toBe('{"dob":1}');
});

test("a field's name is no pattern", () => {
  expect(redactText(["a.b", "c|d", "(e", "f]"])('{"a.b":1,"axb":2,"c|d":3,"c":4,"(e":5,"f]":6}')).toBe(
    '{"a.b":[redacted],"axb":2,"c|d":[redacted],"c":4,"(e":[redacted],"f]":[redacted]}',
  );
});

const MEBIBYTE = 1 << 20;

test.each([
  ["names without values", "dob".padEnd(8).repeat(MEBIBYTE / 8)],
  ["names with open quotes", 'dob="'.repeat(MEBIBYTE / 5)],
  ["names with escaped open quotes", 'dob=\\"x'.repeat(MEBIBYTE / 7)],
  ["names with other open quotes", `dob='`.concat(`x dob="`).repeat(MEBIBYTE / 12)],
  ["names with open brackets", "dob:{".repeat(MEBIBYTE / 5)],
  ["a name and backslashes", `dob${"\\".repeat(MEBIBYTE)}`],
  ["names and backslashes", `dob${"\\".repeat(100)}`.repeat(MEBIBYTE / 103)],
  ["a name, a quote and backslashes", `dob="${"\\".repeat(MEBIBYTE)}`],
  ["a bracket and backslashes", `dob:{${"\\".repeat(MEBIBYTE)}`],
  ["a name and spaces", `dob${" ".repeat(MEBIBYTE)}`],
  ["a name and escaped line breaks", `dob${"\\n".repeat(MEBIBYTE / 2)}`],
  ["quotes", '"'.repeat(MEBIBYTE)],
  ["nesting", `${'{"dob":'.repeat(MEBIBYTE / 7)}`],
])("a mebibyte of %s is read in no time", (_, text) => {
  const start = performance.now();
  redactText(["ssn_no", "dob"], ["123-45-6789", "1990-01-31"])(text);
  expect(performance.now() - start).toBeLessThan(5_000);
});
