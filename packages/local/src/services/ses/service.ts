import { randomUUID } from "node:crypto";
import type { Action, Members, Service, World } from "../../kernel/service.ts";
import { invalid, refuseOthers, requiredText, structure } from "../scheduler/input.ts";
import { addToOutbox } from "../sns/outbox.ts";

/** The most addresses of one e-mail (its API reference, SendEmail). */
const MOST_ADDRESSES = 50;

const LISTS = ["ToAddresses", "CcAddresses", "BccAddresses"] as const;

const addresses = { wire: "member", wrapped: true } as const;

/** Amazon Simple Email Service: no e-mail leaves this machine, each is in the outbox. */
export function sesService(world: World): Service {
  return {
    name: "ses",
    actions: { SendEmail: sendEmail(world) },
    partly: {
      SendEmail:
        "every address counts as verified; what would be sent is in the outbox (SNS's `ReliqListOutbox`), once for each recipient; no templates, tags or configuration sets",
    },
    query: {
      namespace: "http://ses.amazonaws.com/doc/2010-12-01/",
      shapes: {
        SendEmail: {
          input: {
            lists: { ReplyToAddresses: addresses },
            structures: {
              Destination: { lists: Object.fromEntries(LISTS.map((name) => [name, addresses])) },
              Message: { structures: { Subject: {}, Body: { structures: { Text: {}, Html: {} } } } },
            },
          },
          output: {},
        },
      },
    },
  };
}

function sendEmail({ store, clock }: World): Action {
  return async (input) => {
    refuseOthers(input, ["Destination", "Message", "ReplyToAddresses", "Source"], "SendEmail");
    requiredText(input, "Source");
    const message = structure(input, "Message");
    const subject = requiredText(structure(message, "Subject"), "Data");
    const recipients = recipientsOf(structure(input, "Destination"));
    const body = structure(message, "Body");
    const text = requiredText(structure(body, body["Text"] === undefined ? "Html" : "Text"), "Data");
    const messageId = randomUUID();
    await store.transaction(() => {
      for (const recipient of recipients) {
        addToOutbox(store, { kind: "email", recipient, subject, body: text, messageId }, clock.now());
      }
    });
    return { MessageId: messageId };
  };
}

function recipientsOf(destination: Members): readonly string[] {
  const recipients = LISTS.flatMap((name) => (destination[name] ?? []) as string[]);
  if (recipients.length === 0) throw invalid("Missing required header 'To'.");
  if (recipients.length > MOST_ADDRESSES) throw invalid(`Recipient count exceeds ${MOST_ADDRESSES}.`);
  const wrong = recipients.find((each) => !/^[^@\s]+@[^@\s]+$/.test(each));
  if (wrong !== undefined) throw invalid(`Missing final '@domain' in ${JSON.stringify(wrong)}`);
  return recipients;
}
