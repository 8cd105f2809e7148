import { describeError } from "../classify/thrown.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { personalNamesIn } from "../failure/personal-names-in.ts";
import { describeMisfit } from "../failure/queue-schema.ts";
import { wholeBody } from "../heal/whole-body.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import { passedPlaces } from "../order/passed-places.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { RedriveRun } from "./redrive-run.ts";
import { RUN_STATE } from "./run-options.ts";
import type { MessageFacts } from "./verdict.ts";

/** What a run reads; nothing of it changes anything. */
export type FactPorts = Pick<
  RecoverPorts,
  "archive" | "journal" | "now" | "personalFields" | "quarantine" | "schemas" | "store"
>;

/** How many messages' contents are read at once. */
const CONTENTS_AT_ONCE = 10;

/** Reads what decides about messages, consistently. A replay's messages have their content from the archive. */
export async function gatherFacts(
  kind: RedriveRun["kind"],
  failures: readonly FailedMessage[],
  ports: FactPorts,
): Promise<readonly MessageFacts[]> {
  const { journal } = ports;
  const [claims, passed] = await Promise.all([
    journal.read(failures.map(({ queue, lineage }) => resentKey(queue, lineage))),
    passedPlaces(failures, ports),
  ]);
  const facts: MessageFacts[] = [];
  for (let start = 0; start < failures.length; start += CONTENTS_AT_ONCE) {
    const contents = await Promise.all(
      failures.slice(start, start + CONTENTS_AT_ONCE).map((failure) => readContent(kind, failure, ports)),
    );
    contents.forEach((content, index) => {
      const lastSequence = passed[start + index];
      const claimDone = claims[start + index]?.state === "done";
      facts.push({ ...content, from: RUN_STATE[kind], claimDone, ...(lastSequence !== undefined && { lastSequence }) });
    });
  }
  return facts;
}

type Content = Pick<MessageFacts, "contentIssue" | "failure">;

async function readContent(kind: RedriveRun["kind"], failure: FailedMessage, ports: FactPorts): Promise<Content> {
  if (failure.state !== RUN_STATE[kind]) return { failure };
  try {
    const whole = kind === "replay" ? await fromArchive(failure, ports) : failure;
    const schema = ports.schemas?.(failure.queue);
    if (!schema) return { failure: whole };
    const contentIssue = await describeMisfit(
      schema,
      await wholeBody(whole, ports),
      personalNamesIn(failure.queue, ports),
    );
    return { failure: whole, ...(contentIssue !== undefined && { contentIssue }) };
  } catch (thrown) {
    return { failure, contentIssue: `its content cannot be read: ${describeError(thrown)}` };
  }
}

/** The record as it is, with the content of the archived object: its hash proves that it is whole. */
async function fromArchive(failure: FailedMessage, { archive }: FactPorts): Promise<FailedMessage> {
  if (!failure.archive) return failure;
  const { bodyAt: _, ...record } = failure;
  const { body, bodyAt, attributes } = (await archive.get(failure.archive)).failure;
  return { ...record, body, attributes, ...(bodyAt && { bodyAt }) };
}
