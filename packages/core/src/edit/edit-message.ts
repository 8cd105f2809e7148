import { ReliqError } from "../errors.ts";
import { diffContent } from "../failure/diff-content.ts";
import type { FailedMessage, MessageContent } from "../failure/failed-message.ts";
import { describeMisfit } from "../failure/queue-schema.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { MessageAttribute } from "../message/received-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { checkContent } from "./check-content.ts";
import { commitContent } from "./commit-content.ts";
import { sendHeld } from "./send-held.ts";

/** What a person changes of a held message. */
export interface MessageEdit {
  /** @default as it is */
  readonly body?: string;
  /** All attributes, without Reliq's own. @default as they are */
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** The version of the record that the person saw; one that has changed since is not overwritten. @default the newest */
  readonly version?: number;
  /** Lets it be sent to its queue at once. @default false */
  readonly send?: boolean;
}

/** A changed message, and what differs from before. */
export interface EditedMessage {
  readonly failure: FailedMessage;
  /** One line a difference; personal fields are redacted. Empty: nothing was changed. */
  readonly diff: readonly string[];
  /** Whether it is on its way to its queue. */
  readonly sent: boolean;
  /** Why it is not, although that was asked for. */
  readonly notSentBecause?: string;
}

/**
 * Changes a held message's body or attributes, checked against what SQS and the queue's consumer take. What the producer sent is
 * kept; the difference and who made it are in the record and in the audit.
 * @throws ReliqError `edit-invalid` that names what does not fit, `failure-unknown`, `failure-state` where it is not held,
 * `failure-changed` where somebody changed it at the same time
 */
export async function editMessage(
  id: string,
  edit: MessageEdit,
  by: string,
  ports: RecoverPorts,
): Promise<EditedMessage> {
  const before = await readHeld(id, edit, ports);
  const old: MessageContent = { body: await wholeBody(before, ports), attributes: before.attributes };
  const body = edit.body ?? old.body;
  const attributes = edit.attributes ?? old.attributes;
  checkContent(body, attributes);
  const schema = ports.schemas?.(before.queue);
  const misfit = schema && (await describeMisfit(schema, body));
  if (misfit !== undefined) {
    throw new ReliqError(
      "edit-invalid",
      `The message ${id} cannot be changed so: ${misfit} Its consumer would refuse it again.`,
    );
  }
  const diff = diffContent(old, { body, attributes }, schema?.personalFields?.names ?? []);
  const change = { kind: "edit", by, diff, askedBy: by } as const;
  const failure = diff.length === 0 ? before : await commitContent(before, { body, attributes }, change, ports);
  if (!failure) throw changed(id);
  const [end] = edit.send === true ? await sendHeld([failure], { via: "edit", by }, ports) : [];
  return { failure, diff, sent: end?.kind === "done", ...(end?.kind === "refused" && { notSentBecause: end.because }) };
}

async function readHeld(id: string, { version }: MessageEdit, { store }: RecoverPorts): Promise<FailedMessage> {
  const [failure] = await store.failures([id]);
  if (!failure) throw new ReliqError("failure-unknown", `There is no failed message ${id}.`);
  if (failure.state !== "held") {
    throw new ReliqError("failure-state", `The message ${id} is ${failure.state}; a held message can be changed.`);
  }
  if (version !== undefined && version !== failure.version) throw changed(id);
  return failure;
}

function changed(id: string): ReliqError {
  return new ReliqError("failure-changed", `The message ${id} has been changed since it was read: look again.`, {
    retryable: true,
  });
}
