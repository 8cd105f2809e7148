import fc from "fast-check";
import { expect, test } from "vitest";
import { creationOrder } from "./creation-order.ts";
import { physicalName } from "./physical-name.ts";
import { resolve, type Scope } from "./resolve.ts";

const scope: Scope = {
  stackName: "shop",
  parameters: { Name: "value" },
  mappings: {},
  condition: () => undefined,
  resource: () => undefined,
  exported: () => undefined,
};
const LONGEST: Readonly<Record<string, number>> = { "AWS::SQS::Queue": 80, "AWS::S3::Bucket": 63 };
const of = (value: unknown) => resolve(value, scope, "Resources.Q.Properties");

test("Sub of a text without variables is that text", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("$" + "{")),
      (text) => {
        expect(of({ "Fn::Sub": text })).toBe(text);
      },
    ),
  );
});

test("Sub replaces each variable where it stands, and nothing else", () => {
  const literal = fc.string().filter((text) => !/[$]/.test(text));
  fc.assert(
    fc.property(fc.array(literal, { minLength: 1 }), (texts) => {
      expect(of({ "Fn::Sub": texts.join("$" + "{Name}") })).toBe(texts.join("value"));
    }),
  );
});

test("Split undoes Join where no part holds the separator", () => {
  const part = fc.string().filter((text) => !text.includes("|"));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      expect(of({ "Fn::Split": ["|", { "Fn::Join": ["|", parts] }] })).toEqual(parts);
    }),
  );
});

test("a value without intrinsic functions is itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('"Ref"') && !JSON.stringify(value).includes('"Fn::'));
      expect(JSON.stringify(of(value))).toBe(JSON.stringify(value));
    }),
  );
});

const needs = fc
  .array(fc.array(fc.nat({ max: 9 }), { maxLength: 4 }), { maxLength: 10 })
  .map((rows) => new Map(rows.map((row, index): [string, string[]] => [`r${index}`, row.map((need) => `r${need}`)])));

test("the order of creation holds each name once, after all that it needs; else it names a real circle", () => {
  fc.assert(
    fc.property(needs, (graph) => {
      const result = creationOrder(graph);
      if ("order" in result) {
        expect([...result.order].sort()).toEqual([...graph.keys()].sort());
        const place = new Map(result.order.map((name, index) => [name, index]));
        for (const [name, each] of graph) {
          for (const need of each) if (graph.has(need)) expect(place.get(need)).toBeLessThan(place.get(name) ?? -1);
        }
      } else {
        expect(result.cycle.at(0)).toBe(result.cycle.at(-1));
        for (const [index, name] of result.cycle.slice(0, -1).entries()) {
          expect(graph.get(name)).toContain(result.cycle[index + 1]);
        }
      }
    }),
  );
});

test("names that need nothing of each other keep their order", () => {
  expect(
    creationOrder(
      new Map([
        ["b", []],
        ["a", ["c"]],
        ["c", []],
      ]),
    ),
  ).toEqual({ order: ["b", "c", "a"] });
});

test("a made-up name is the same each time, within the type's limit, and another for another resource", () => {
  const types = fc.constantFrom("AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::Other::Thing");
  const id = fc.stringMatching(/^[A-Za-z0-9]{1,120}$/);
  fc.assert(
    fc.property(id, id, id, types, fc.boolean(), (stack, one, other, type, fifo) => {
      const name = physicalName(stack, one, type, { FifoQueue: fifo });
      expect(physicalName(stack, one, type, { FifoQueue: fifo })).toBe(name);
      expect(name.length).toBeLessThanOrEqual(LONGEST[type] ?? 64);
      if (one !== other) expect(physicalName(stack, other, type, { FifoQueue: fifo })).not.toBe(name);
      if (type === "AWS::SQS::Queue") expect(name.endsWith(".fifo")).toBe(fifo);
    }),
  );
});
