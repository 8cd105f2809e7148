import { expect, test } from "vitest";
import { checkContent } from "./check-content.ts";

const text = (stringValue: string, dataType = "String") => ({ dataType, stringValue });

test("what SQS takes passes", () => {
  expect(() => checkContent("é🦆\t", { orderId: text("1"), count: text("-1.5", "Number.int") })).not.toThrow();
});

test.each([
  ["", {}, "the body is empty"],
  ["a\u0000b", {}, "U+0000 at 1"],
  ["x".repeat(1_048_576), {}, "there is room for"],
  ["{}", { Reliq: text("{}") }, "Reliq's own"],
  ["{}", { "aws.x": text("1") }, "not one that SQS takes"],
  ["{}", { x: text("1", "Text") }, "it takes String, Number or Binary"],
  ["{}", { x: text("") }, "has no string value"],
  ["{}", { x: { dataType: "Binary" } }, "has no binary value"],
  ["{}", { x: text("many", "Number") }, "a Number takes a number"],
  ["{}", Object.fromEntries([..."abcdefghij"].map((name) => [name, text("1")])), "there is room for 9"],
])("what SQS would refuse is refused, and named: %#", (body, attributes, why) => {
  expect(() => checkContent(body, attributes)).toThrow(
    expect.objectContaining({ code: "edit-invalid", message: expect.stringContaining(why) }),
  );
});
