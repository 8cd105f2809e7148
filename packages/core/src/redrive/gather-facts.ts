import { describeError } from "../classify/thrown.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { describeMisfit } from "../failure/queue-schema.ts";
import { wholeBody } from "../heal/whole-body.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import { sequenceGroup } from "../order/sequence-group.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { RedriveRun } from "./redrive-run.ts";
import { RUN_STATE } from "./run-options.ts";
import type { MessageFacts } from "./verdict.ts";

/** What a run reads; nothing of it changes anything. */
export type FactPorts = Pick<RecoverPorts, "archive" | "journal" | "now" | "quarantine" | "schemas" | "store">;

/** How many messages' contents are read at once. */
const CONTENTS_AT_ONCE = 10;

/** Reads what decides about messages, consistently. A replay's messages have their content from the archive. */
export async function gatherFacts(
  kind: RedriveRun["kind"],
  failures: readonly FailedMessage[],
  ports: FactPorts,
): Promise<readonly MessageFacts[]> {
  const { journal } = ports;
  const [claims, sequences, passed] = await Promise.all([
    journal.read(failures.map(({ queue, lineage }) => resentKey(queue, lineage))),
    journal.lastSequences(failures.map(groupOf)),
    passedPlaces(failures, ports),
  ]);
  const facts: MessageFacts[] = [];
  for (let start = 0; start < failures.length; start += CONTENTS_AT_ONCE) {
    const contents = await Promise.all(
      failures.slice(start, start + CONTENTS_AT_ONCE).map((failure) => readContent(kind, failure, ports)),
    );
    contents.forEach((content, index) => {
      const places = [sequences[start + index], passed[start + index]].filter((each) => each !== undefined);
      const lastSequence = places.toSorted().at(-1);
      const claimDone = claims[start + index]?.state === "done";
      facts.push({ ...content, from: RUN_STATE[kind], claimDone, ...(lastSequence !== undefined && { lastSequence }) });
    });
  }
  return facts;
}

/** How far groups that were held have gone on since: what is behind their front, or was released, went on without what is before. */
async function passedPlaces(
  failures: readonly FailedMessage[],
  { quarantine }: FactPorts,
): Promise<readonly (string | undefined)[]> {
  const names = new Map(
    failures.flatMap(({ queue, groupId: group }) =>
      group === undefined ? [] : [[`${queue}:${group}`, { queue, group }] as const],
    ),
  );
  if (names.size === 0) return failures.map(() => undefined);
  const marks = await quarantine.marks([...names.values()]);
  const markOf = new Map([...names.keys()].map((name, index) => [name, marks[index]]));
  return failures.map(({ queue, groupId, lineage }) => {
    const mark = markOf.get(`${queue}:${groupId}`);
    return mark && mark.front?.lineage !== lineage && mark.sentThrough !== "" ? mark.sentThrough : undefined;
  });
}

function groupOf({ queue, consumer = "", groupId = "" }: FailedMessage): string {
  return sequenceGroup(consumer, queue, groupId);
}

type Content = Pick<MessageFacts, "contentIssue" | "failure">;

async function readContent(kind: RedriveRun["kind"], failure: FailedMessage, ports: FactPorts): Promise<Content> {
  if (failure.state !== RUN_STATE[kind]) return { failure };
  try {
    const whole = kind === "replay" ? await fromArchive(failure, ports) : failure;
    const schema = ports.schemas?.(failure.queue);
    if (!schema) return { failure: whole };
    const contentIssue = await describeMisfit(schema, await wholeBody(whole, ports));
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
