import { XMLParser } from "fast-xml-parser";
import { expect, test } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

/** Calls STS as the SDK does: a form, signed with an access key. */
async function sts(fields: Record<string, string>, accessKey = "ann") {
  const answer = await fetch(fixture().region.endpoint, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/us-east-1/sts/aws4_request, Signature=0`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: `${new URLSearchParams({ Version: "2011-06-15", ...fields })}`,
  });
  const text = await answer.text();
  return { status: answer.status, ...new XMLParser({ parseTagValue: false }).parse(text) };
}
const whoIs = async (accessKey?: string) =>
  (await sts({ Action: "GetCallerIdentity" }, accessKey)).GetCallerIdentityResponse.GetCallerIdentityResult;

test("who signs is who one is", async () => {
  expect(await whoIs()).toEqual({ UserId: "ann", Account: "000000000000", Arn: "arn:aws:iam::000000000000:user/ann" });
});

test("a role that is assumed gives credentials whose identity is the role's, until they expire", async () => {
  const role = { RoleArn: "arn:aws:iam::000000000000:role/service/worker", RoleSessionName: "night" };
  const { AssumeRoleResult } = (await sts({ Action: "AssumeRole", ...role, DurationSeconds: "900" }))
    .AssumeRoleResponse;
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = AssumeRoleResult.Credentials;
  expect([AccessKeyId, SecretAccessKey, SessionToken]).toEqual([
    expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    expect.stringMatching(/^.{40}$/),
    expect.stringMatching(/^.{100,}$/),
  ]);
  const Arn = "arn:aws:sts::000000000000:assumed-role/worker/night";
  expect(AssumeRoleResult.AssumedRoleUser.Arn).toBe(Arn);
  expect(await whoIs(AccessKeyId)).toMatchObject({ Arn });
  expect(Date.parse(Expiration)).toBeGreaterThan(Date.now());
  await fixture().region.jump({ seconds: 901 });
  expect(await whoIs(AccessKeyId)).toMatchObject({ Arn: `arn:aws:iam::000000000000:user/${AccessKeyId}` });
});

test("what is no role, no session and no duration is refused", async () => {
  const good = { RoleArn: "arn:aws:iam::000000000000:role/worker", RoleSessionName: "night" };
  for (const wrong of [
    { RoleArn: "worker" },
    { RoleSessionName: "n" },
    { RoleSessionName: "two words" },
    { DurationSeconds: "60" },
    { ExternalId: "x" },
  ]) {
    const { status, ErrorResponse } = await sts({ Action: "AssumeRole", ...good, ...wrong });
    expect([status, ErrorResponse.Error.Code], JSON.stringify(wrong)).toEqual([400, "ValidationException"]);
  }
});
