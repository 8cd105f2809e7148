import { expect, test } from "vitest";
import { readConditions } from "./conditions.ts";
import { resolve, type Scope } from "./resolve.ts";

const base = {
  stackName: "shop",
  parameters: { "AWS::Region": "us-east-1", "AWS::AccountId": "000000000000", Stage: "dev", Zones: ["a", "b"] },
  mappings: { Sizes: { dev: { memory: 128 } } },
  resource: (id: string) =>
    id === "Orders" ? { ref: "http://queue", attributes: { Arn: "arn:aws:sqs:x", "A.B": "nested" } } : undefined,
  exported: (name: string) => (name === "shop:Url" ? "http://exported" : undefined),
};
const scope: Scope = {
  ...base,
  condition: readConditions(
    {
      IsDev: { "Fn::Equals": [{ Ref: "Stage" }, "dev"] },
      IsProd: { "Fn::Not": [{ Condition: "IsDev" }] },
      Either: { "Fn::Or": [{ Condition: "IsProd" }, { Condition: "IsDev" }] },
      Both: { "Fn::And": [{ Condition: "IsProd" }, { Condition: "IsDev" }] },
      Loop: { "Fn::Not": [{ Condition: "Loop" }] },
    },
    base,
  ),
};
const of = (value: unknown) => resolve(value, scope, "Resources.Q.Properties.P");

test.each<[string, unknown, unknown]>([
  ["Ref of a parameter", { Ref: "Stage" }, "dev"],
  ["Ref of a list parameter", { Ref: "Zones" }, ["a", "b"]],
  ["Ref of a pseudo parameter", { Ref: "AWS::Region" }, "us-east-1"],
  ["Ref of a resource", { Ref: "Orders" }, "http://queue"],
  ["GetAtt as a list", { "Fn::GetAtt": ["Orders", "Arn"] }, "arn:aws:sqs:x"],
  ["GetAtt as a text", { "Fn::GetAtt": "Orders.A.B" }, "nested"],
  [
    "Sub of references",
    { "Fn::Sub": "$" + "{Orders.Arn}/$" + "{Stage}/$" + "{AWS::Region}" },
    "arn:aws:sqs:x/dev/us-east-1",
  ],
  [
    "Sub with own variables",
    { "Fn::Sub": ["$" + "{a}-$" + "{Stage}", { a: { Ref: "AWS::Region" } }] },
    "us-east-1-dev",
  ],
  ["Sub of a literal", { "Fn::Sub": "$" + "{!Stage}" }, "$" + "{Stage}"],
  ["Join", { "Fn::Join": ["-", ["a", { Ref: "Stage" }, 3]] }, "a-dev-3"],
  ["Join of a list parameter", { "Fn::Join": [",", { Ref: "Zones" }] }, "a,b"],
  [
    "Select of a split ARN",
    { "Fn::Select": ["2", { "Fn::Split": [":", { "Fn::GetAtt": ["Orders", "Arn"] }] }] },
    "sqs",
  ],
  ["If, taken", { "Fn::If": ["IsDev", 1, { Ref: "Absent" }] }, 1],
  ["If, not taken", { "Fn::If": ["IsProd", { Ref: "Absent" }, 2] }, 2],
  ["Or", { "Fn::If": ["Either", 1, 2] }, 1],
  ["And", { "Fn::If": ["Both", 1, 2] }, 2],
  ["FindInMap", { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "memory"] }, 128],
  ["FindInMap's default", { "Fn::FindInMap": ["Sizes", "prod", "memory", { DefaultValue: 256 }] }, 256],
  ["ImportValue", { "Fn::ImportValue": { "Fn::Sub": "shop:Url" } }, "http://exported"],
  ["Base64", { "Fn::Base64": "hé" }, "aMOp"],
  ["GetAZs", { "Fn::GetAZs": "" }, ["us-east-1a", "us-east-1b", "us-east-1c"]],
  ["Length", { "Fn::Length": { Ref: "Zones" } }, 2],
  ["ToJsonString", { "Fn::ToJsonString": { a: { Ref: "Stage" } } }, '{"a":"dev"}'],
  ["NoValue in an object", { a: 1, b: { Ref: "AWS::NoValue" } }, { a: 1 }],
  ["NoValue in a list", [1, { "Fn::If": ["IsProd", 2, { Ref: "AWS::NoValue" }] }, 3], [1, 3]],
  ["NoValue alone", { Ref: "AWS::NoValue" }, undefined],
  ["a member called Condition", { Statement: [{ Condition: "IsDev" }] }, { Statement: [{ Condition: "IsDev" }] }],
])("%s", (_, value, expected) => {
  expect(of(value)).toEqual(expected);
});

test.each<[string, unknown, string]>([
  [
    "an intrinsic function that is not supported",
    { a: [{ "Fn::Cidr": [] }] },
    "Stack shop, Resources.Q.Properties.P.a[0]: Fn::Cidr is not supported.",
  ],
  ["Fn::Transform", { "Fn::Transform": {} }, "Fn::Transform is not supported"],
  ["a function beside other keys", { "Fn::Join": ["", []], b: 1 }, "Fn::Join stands beside other keys"],
  ["a reference to nothing", { Ref: "Absent" }, "Ref refers to Absent, which does not exist"],
  [
    "an attribute that a resource lacks",
    { "Fn::GetAtt": ["Orders", "Url"] },
    "finds no attribute Url of Orders (it has: Arn, A.B)",
  ],
  ["a name of JavaScript's own", { Ref: "constructor" }, "Ref refers to constructor"],
  ["an export that nobody makes", { "Fn::ImportValue": "other" }, "finds no export named other"],
  ["an index beyond the list", { "Fn::Select": [5, ["a"]] }, "wants an index within the list"],
  ["a text made of an object", { "Fn::Join": ["", [{}]] }, "wants a text, and has {}"],
  ["a map's missing key", { "Fn::FindInMap": ["Sizes", "prod", "memory"] }, "finds nothing at Sizes.prod.memory"],
  ["a condition that is not defined", { "Fn::If": ["No", 1, 2] }, "names the condition No"],
  ["a condition that needs itself", { "Fn::If": ["Loop", 1, 2] }, "the condition Loop needs itself"],
])("%s is refused where it stands", (_, value, message) => {
  expect(() => of(value)).toThrow(message);
});
