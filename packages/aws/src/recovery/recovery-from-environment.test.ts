import { redacted } from "@reliq/core";
import { personalNamesIn } from "@reliq/core/recovery";
import { anyBody } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { type RecoveryAdditions, recoveryFromEnvironment } from "./recovery-from-environment.ts";

const ENVIRONMENT = {
  FAILED_TABLE: "failures",
  ARCHIVE_BUCKET: "archive",
  RELIQ_JOURNAL_TABLE: "journal",
  RELIQ_WAKE_UPS_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/wake-ups",
  RELIQ_RECOVERED_QUEUES: '[["orders","orders-dead",3,20]]',
};
const GIVEN = '{"rules":[{"name":"all","when":{},"then":["archive"]}]}';

const read = (additions: RecoveryAdditions, policy?: string): ReturnType<typeof recoveryFromEnvironment> =>
  recoveryFromEnvironment(additions, { ...ENVIRONMENT, ...(policy !== undefined && { RELIQ_POLICY: policy }) });

test("the policy is the one that the construct was given, and that of the code goes before it", () => {
  expect(read({}, GIVEN)).toMatchObject({ policy: JSON.parse(GIVEN), repairs: [], wakeUpQueue: "wake-ups" });
  expect(read({ policy: { rules: [] } }, GIVEN).policy).toEqual({ rules: [] });
});

test("without any, and with one that is none, it is refused, and says who sets it", () => {
  expect(() => read({})).toThrow("RELIQ_POLICY is not set; it takes a policy as JSON");
  expect(() => read({}, '{"rules":1}')).toThrow("rules: it is 1; it takes a list");
});

test("what is personal is said by the environment and by schemas, and repairs say nothing of it", () => {
  const repair = { name: "trim", schema: anyBody, repair: () => undefined, personalFields: ["note"] };
  const schemas = { orders: { schema: anyBody, personalFields: redacted(["phone"]) } };
  const environment = { ...ENVIRONMENT, RELIQ_PERSONAL_FIELDS: "email,dob" };
  const options = recoveryFromEnvironment({ policy: { rules: [] }, repairs: [repair], schemas }, environment);
  expect(personalNamesIn("orders", options.ports)).toEqual(["phone", "email", "dob"]);
  expect(personalNamesIn("others", options.ports)).toEqual(["email", "dob"]);
  expect(options.repairs[0]?.personalFields).toEqual(["note", "phone", "email", "dob"]);
});
