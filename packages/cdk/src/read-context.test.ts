import { App } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { readContext } from "./read-context.ts";

test("context is read by keys: lists and objects also from a text, as `-c` gives them, and what is not there is left out", () => {
  const context = {
    origins: '["https://shop.example"]',
    limits: '{"most":3}',
    plain: [1],
    name: "[draft",
    size: "5",
    other: true,
  };
  const { node } = new App({ context });
  expect(readContext(node, ["origins", "limits", "plain", "name", "size", "missing"])).toEqual({
    origins: ["https://shop.example"],
    limits: { most: 3 },
    plain: [1],
    name: "[draft",
    size: "5",
  });
});
