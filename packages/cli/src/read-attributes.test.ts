import { expect, test } from "vitest";
import { readArgument, readAttributes } from "./read-attributes.ts";

test("attributes are written short, or in full", () => {
  expect(
    readAttributes('{"region":"eu","count":3,"raw":{"dataType":"Binary","binaryValue":{"base64":"AA=="}}}'),
  ).toEqual({
    region: { dataType: "String", stringValue: "eu" },
    count: { dataType: "Number", stringValue: "3" },
    raw: { dataType: "Binary", binaryValue: { base64: "AA==" } },
  });
  expect(readAttributes("{}")).toEqual({});
});

test.each(["", "[]", "region=eu", '{"region":null}', '{"region":{"value":1}}'])(
  "%o is refused, with an example",
  (text) => {
    expect(() => readAttributes(text)).toThrow('it takes a JSON object of all attributes, as {"region":"eu"');
  },
);

test("@file reads a file, and one that is not there is named", () => {
  expect(readArgument("plain")).toBe("plain");
  expect(readArgument("@package.json")).toContain('"name": "reliq-workspace"');
  expect(() => readArgument("@nowhere.json")).toThrow("nowhere.json cannot be read");
});
