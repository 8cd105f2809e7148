import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import { type ApiAccess, accessFromEnvironment, callerOf } from "./api-access.ts";

function caller(authorizer: object | undefined, access: ApiAccess = {}): unknown {
  return callerOf({ requestContext: { authorizer } } as unknown as APIGatewayProxyEventV2, access);
}

test("a caller by IAM is an operator, and an approver where its ARN is named", () => {
  const iam = { userArn: "arn:aws:sts::1:assumed-role/lead/ann" };
  expect(caller({ iam })).toEqual({ by: iam.userArn, role: "operator" });
  expect(caller({ iam }, { approvers: ["arn:aws:sts::1:assumed-role/lead/*"] })).toMatchObject({ role: "approver" });
  expect(caller({ iam }, { approvers: ["arn:aws:sts::1:assumed-role/lea"] })).toMatchObject({ role: "operator" });
});

test.each([
  [undefined, "viewer"],
  ["admin", "viewer"],
  ["operator", "operator"],
  ["[viewer approver]", "approver"],
])("a token whose claim is %s makes a %s", (claim, role) => {
  expect(caller({ jwt: { claims: { sub: "ann", reliq_role: claim } } })).toEqual({ by: "ann", role });
});

test("nobody is let in whom nobody has authorized, but in a region on this machine", () => {
  const access = (endpoint?: string): ApiAccess =>
    accessFromEnvironment(endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint });
  for (const endpoint of [undefined, "https://127.0.0.1.example", "https://sqs.us-east-1.amazonaws.com", "x"]) {
    expect(() => caller(undefined, access(endpoint))).toThrow("Nobody has authorized this request");
  }
  expect(caller(undefined, access("http://127.0.0.1:4566"))).toEqual({ by: "local", role: "operator" });
  expect(() => caller({ jwt: { claims: {} } }, access())).toThrow("Nobody has authorized");
});

test("a caller says its own role where any credentials will do, and nowhere else", () => {
  const iam = { userArn: "arn:aws:iam::000000000000:user/ann" };
  const roleOf = (role: string, access: ApiAccess): string => {
    const event = { headers: { "x-reliq-role": role }, requestContext: { authorizer: { iam } } };
    return callerOf(event as unknown as APIGatewayProxyEventV2, access).role;
  };
  expect(["viewer", "operator", "approver", "root"].map((role) => roleOf(role, { open: true }))).toEqual([
    "viewer",
    "operator",
    "approver",
    "operator",
  ]);
  expect(roleOf("approver", {})).toBe("operator");
});
