import { type JournalEntry, type MessageAttribute, ReliqError } from "@reliq/core";
import {
  type ApiAnswers,
  type ApiRequests,
  contentsOf,
  editAsked,
  logsLink,
  type Masking,
  maskAttempt,
  maskBody,
  maskFailure,
  maskingFor,
  maskingOf,
  maskSummary,
  type Policy,
  personalNamesIn,
  recover,
  wholeBody,
} from "@reliq/core/recovery";
import { readAttributes } from "../recovery/archive-format.ts";
import { found, page } from "./answer-lookups.ts";
import type { ApiCall } from "./answers.ts";

/** The longest body that is shown unless the whole is asked for, characters. */
const SHOWN_CHARACTERS = 65_536;

/** The most letters of one import. */
const MOST_LETTERS = 10;

/** What is imported waits for a person: its queue may be none that recovery can send to. */
const HELD: Policy = { rules: [], otherwise: ["hold"] };

/** The most whole records of a page: one of them can be 30 KB, and a function's answer 6 MB. */
const MOST_WHOLE = 100;

/** A page of failed messages, as lists show them or whole. */
export async function listFailures(
  { limit, after, whole = false, ...filter }: ApiRequests["list-failures"],
  { options: { ports }, masked }: ApiCall,
): Promise<ApiAnswers["list-failures"]> {
  const most = whole ? Math.min(limit ?? MOST_WHOLE, MOST_WHOLE) : limit;
  const listed = await ports.store.listFailures({ filter, ...page({ limit: most, after }) });
  const records = whole ? await ports.store.failures(listed.failures.map(({ id }) => id)) : [];
  const failures = listed.failures.map((summary, index) => {
    const record = records[index];
    if (!masked) return record ?? summary;
    const masking = maskingOf(personalNamesIn(summary.queue, ports), record ? contentsOf(record) : []);
    return record ? maskFailure(record, masking) : maskSummary(summary, masking);
  });
  return { ...listed, failures };
}

/** A failed message, whole. @throws ReliqError `failure-unknown` */
export async function getFailure(
  { failure: id, whole = false }: ApiRequests["get-failure"],
  { options: { ports }, masked }: ApiCall,
): Promise<ApiAnswers["get-failure"]> {
  const [record] = await ports.store.failures([id]);
  const failure = found("failure", id, record);
  const read = wholeBody(failure, ports);
  const [stored, attempts, masking] = await Promise.all([
    read,
    ports.journal.attempts(failure.queue, failure.attemptedAs ?? failure.messageId),
    masked ? maskingFor(failure, ports, read) : NOTHING_MASKED,
  ]);
  const { text: body } = maskBody(stored, masking);
  const bodyCut = !whole && body.length > SHOWN_CHARACTERS;
  return {
    // The body is beside the record, once.
    failure: { ...maskFailure(failure, masking), body: "" },
    body: bodyCut ? body.slice(0, SHOWN_CHARACTERS) : body,
    bodyCut,
    attempts: attempts.map((attempt) => withLogs(maskAttempt(attempt, masking))),
    ...(masking.names.length > 0 && { masked: masking.names }),
  };
}

const NOTHING_MASKED: Masking = { names: [], values: [] };

/** A local region has no console. */
function withLogs(attempt: JournalEntry): ApiAnswers["get-failure"]["attempts"][number] {
  const { AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = process.env;
  const logs = region === undefined || endpoint !== undefined ? undefined : logsLink(attempt, region);
  return logs === undefined ? attempt : { ...attempt, logs };
}

/** Changes a held message. @throws ReliqError as `editAsked` does, and `input` for attributes that are none */
export async function editFailure(
  { failure, attributes, ...edit }: ApiRequests["edit-failure"],
  { by, options: { policy, ports }, masked }: ApiCall,
): Promise<ApiAnswers["edit-failure"]> {
  const changed = attributes === undefined ? {} : { attributes: attributesIn(attributes, "attributes") };
  const edited = await editAsked(failure, { ...edit, ...changed }, { by, policy }, ports, { masked });
  return masked ? { ...edited, failure: maskFailure(edited.failure, await maskingFor(edited.failure, ports)) } : edited;
}

/** Captures dead letters that the caller has received, each held; the audit says who imported them. */
export async function importFailures(
  { queue, messages }: ApiRequests["import-failures"],
  { by, options: { ports, repairs } }: ApiCall,
): Promise<ApiAnswers["import-failures"]> {
  const given = Object.values(messages);
  if (given.length > MOST_LETTERS) {
    throw wrong("messages", `${given.length} messages`, `at most ${MOST_LETTERS} at once`);
  }
  const letters = given.map((message) => ({ queue, message: letterOf(message, queue) }));
  const ends = await recover({ policy: HELD, repairs }, letters, ports);
  await ports.store.commit({
    audit: {
      chain: queue,
      atMs: ports.now(),
      by,
      action: "imported",
      subjects: ends.flatMap((end) => ("failure" in end ? [end.failure.id] : [])),
      details: {},
    },
  });
  return {
    letters: letters.map(({ message: { messageId } }, index) => {
      const end = ends[index];
      if (!end) return { messageId, stored: false, because: "it was not looked at" };
      return { messageId, stored: end.kind !== "again", because: end.kind === "again" ? end.because : end.kind };
    }),
  };
}

type Letter = ApiRequests["import-failures"]["messages"][string];

function letterOf(given: Letter, queue: string): Letter & { readonly queue: string } {
  const { messageId, body, attributes, receiveCount, sentAtMs, groupId, sequenceNumber } = given ?? {};
  const texts = [messageId, body].every((text) => typeof text === "string" && text !== "");
  const numbers = Number.isInteger(receiveCount) && Number.isFinite(sentAtMs);
  const optional = [groupId, sequenceNumber].every((text) => text === undefined || typeof text === "string");
  if (!texts || !numbers || !optional) {
    throw wrong(
      "messages",
      "a message that is none",
      "{ messageId, body, attributes, receiveCount, sentAtMs, groupId?, sequenceNumber? }",
    );
  }
  return {
    queue,
    messageId,
    body,
    attributes: attributesIn(attributes ?? {}, "messages"),
    receiveCount,
    sentAtMs,
    ...(groupId !== undefined && { groupId }),
    ...(sequenceNumber !== undefined && { sequenceNumber }),
  };
}

function attributesIn(
  given: Readonly<Record<string, MessageAttribute>>,
  field: string,
): Record<string, MessageAttribute> {
  for (const [name, attribute] of Object.entries(given)) {
    const { dataType, stringValue, binaryValue } = (attribute ?? {}) as Partial<MessageAttribute>;
    const bytes = (binaryValue as { readonly base64?: unknown } | undefined)?.base64;
    const fits = typeof dataType === "string" && (typeof stringValue === "string" || typeof bytes === "string");
    if (!fits)
      throw wrong(
        field,
        `the attribute ${JSON.stringify(name)}`,
        "{ dataType, stringValue } or { dataType, binaryValue: { base64 } }",
      );
  }
  return readAttributes(given);
}

function wrong(field: string, is: string, takes: string): ReliqError {
  return new ReliqError("input", `\`${field}\` has ${is}; it takes ${takes}.`, { cause: { field } });
}
