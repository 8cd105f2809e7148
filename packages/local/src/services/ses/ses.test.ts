import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
import { expect, test } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

const client = () => {
  const credentials = { accessKeyId: "ann", secretAccessKey: "x" };
  return new SESClient({ endpoint: fixture().region.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
};
const email = (...ToAddresses: string[]) =>
  new SendEmailCommand({
    Source: "shop@example.com",
    Destination: { ToAddresses },
    Message: { Subject: { Data: "Your order" }, Body: { Text: { Data: "It is on its way." } } },
  });

test("an e-mail is in the outbox, once for each recipient, and nowhere else", async () => {
  const { MessageId } = await client().send(email("ann@example.com", "bob@example.com"));
  const answer = await fetch(fixture().region.endpoint, {
    method: "POST",
    headers: {
      authorization: "AWS4-HMAC-SHA256 Credential=ann/20260101/us-east-1/sns/aws4_request, Signature=0",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "Action=ReliqListOutbox&Version=2010-03-31",
  });
  const text = await answer.text();
  for (const expected of ["ann@example.com", "bob@example.com", "Your order", "It is on its way.", MessageId ?? "-"]) {
    expect(text).toContain(expected);
  }
});

test("an address that is none, and an e-mail to nobody, are refused", async () => {
  await expect(client().send(email("ann"))).rejects.toThrow("Missing final '@domain'");
  await expect(client().send(email())).rejects.toThrow("Missing required header 'To'");
});
