import { expect, test } from "vitest";
import { memoryFailureStore, sampleAudit, sampleFailure, sampleMessage } from "../../testing/index.ts";
import { recordDeath } from "../capture/record-death.ts";
import { ENVELOPE_ATTRIBUTE, type Envelope, envelopeAttribute } from "../message/envelope.ts";
import type { RecoverPorts, ResentMessage } from "../recovery/index.ts";
import { sendAgain } from "./send-again.ts";

const s3 = { bucket: "bodies", key: "sha256/00" };

test("a dead letter whose body was too large to send keeps the way to it", () => {
  const { reason } = sampleFailure();
  const message = sampleMessage({ attributes: { [ENVELOPE_ATTRIBUTE]: envelopeAttribute({ v: 1, s3 }) } });
  const explained = { lineage: "m-1", sends: 0, heals: 0, attempts: [], evidence: "", inferred: true, reason };
  const letter = { message, queue: "orders" };
  const record = recordDeath(
    { explained: { ...explained, letter, cause: "unknown" }, before: undefined, group: undefined },
    1_000,
  );
  expect(record.largeBody).toEqual(s3);
  expect(record.attributes).toEqual({});
});

test("sent again, the message points to its body as before", async () => {
  const store = memoryFailureStore();
  const failure = sampleFailure({ state: "held", largeBody: s3 });
  await store.commit({
    failures: [{ before: undefined, after: failure }],
    audit: sampleAudit({ chain: failure.queue }),
  });
  const sent: Envelope[] = [];
  const send = async (messages: readonly ResentMessage[]): Promise<{ messageId: string }[]> => {
    sent.push(...messages.map(({ envelope }) => envelope));
    return messages.map(() => ({ messageId: "m-2" }));
  };
  const ports = { store, resend: { send }, now: () => Date.UTC(2026, 1, 1, 12) } as unknown as RecoverPorts;
  expect((await sendAgain([failure], { via: "redrive", by: "ann" }, ports)).map(({ kind }) => kind)).toEqual(["sent"]);
  expect(sent).toMatchObject([{ s3, id: failure.lineage, via: "redrive" }]);
});
