import { ReliqError } from "../errors.ts";
import { diffContent } from "../failure/diff-content.ts";
import type { FailedMessage, MessageContent } from "../failure/failed-message.ts";
import { maskingFor } from "../failure/mask-failure.ts";
import { personalNamesIn } from "../failure/personal-names-in.ts";
import { describeMisfit } from "../failure/queue-schema.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { MessageAttribute } from "../message/received-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { checkContent } from "./check-content.ts";
import { commitContent } from "./commit-content.ts";
import { sendHeld } from "./send-held.ts";
import { unmaskEdit } from "./unmask-edit.ts";

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

/** What an edit comes to, checked. */
export interface PreparedEdit {
  readonly before: FailedMessage;
  /** What the message is to hold, its body whole. */
  readonly content: Pick<MessageContent, "attributes" | "body">;
  readonly diff: readonly string[];
}

/**
 * Changes a held message's body or attributes, checked against what SQS and the queue's consumer take. What the producer sent is
 * kept; the difference and who made it are in the record and in the audit. Of somebody who sees personal values `masked`, the masks that are
 * left in the edit stand for what is behind them.
 * @throws ReliqError `edit-invalid` that names what does not fit, `edit-masked` for a mask out of its place, `failure-unknown`,
 * `failure-state` where it is not held, `failure-changed` where somebody changed it at the same time
 */
export async function editMessage(
  id: string,
  edit: MessageEdit,
  by: string,
  ports: RecoverPorts,
  seen: { readonly masked?: boolean } = {},
): Promise<EditedMessage> {
  const { before, content, diff } = await prepareEdit(id, edit, ports, seen);
  const change = { kind: "edit", by, diff, askedBy: by } as const;
  const failure = diff.length === 0 ? before : await commitContent(before, content, change, ports);
  if (!failure) throw changed(id);
  const [end] = edit.send === true ? await sendHeld([failure], { via: "edit", by }, ports) : [];
  return { failure, diff, sent: end?.kind === "done", ...(end?.kind === "refused" && { notSentBecause: end.because }) };
}

/** Checks an edit as `editMessage` does, and says what it comes to; it changes nothing. */
export async function prepareEdit(
  id: string,
  edit: MessageEdit,
  ports: RecoverPorts,
  { masked = false }: { readonly masked?: boolean } = {},
): Promise<PreparedEdit> {
  const before = await readHeld(id, edit, ports);
  const old = { body: await wholeBody(before, ports), attributes: before.attributes };
  const { body = old.body, attributes = old.attributes } = masked
    ? unmaskEdit(edit, old, await maskingFor(before, ports, old.body))
    : edit;
  checkContent(body, attributes);
  const names = personalNamesIn(before.queue, ports);
  const schema = ports.schemas?.(before.queue);
  const misfit = schema && (await describeMisfit(schema, body, names));
  if (misfit !== undefined) {
    throw new ReliqError(
      "edit-invalid",
      `The message ${id} cannot be changed so: ${misfit} Its consumer would refuse it again.`,
    );
  }
  const content = { body, attributes };
  return { before, content, diff: diffContent(old, content, names) };
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
