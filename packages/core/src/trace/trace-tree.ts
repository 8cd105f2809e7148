import { type Span, spanMessages } from "./span.ts";

/** A failed attempt, as the journal or the failure store has it. */
export interface TracedAttempt {
  readonly messageId: string;
  readonly receiveCount: number;
  readonly failedAtMs: number;
  readonly errorName: string;
  readonly message: string;
}

/** A span and what it led to, in the order of time. */
export interface TraceNode {
  readonly span: Span;
  readonly children: readonly TraceNode[];
}

/** What a tree is made of. */
export interface TraceParts {
  readonly spans: readonly Span[];
  /** The ids of the message that it is about: its lineage, and the ids that it had since. @default every message's */
  readonly messageIds?: ReadonlySet<string>;
  readonly attempts?: readonly TracedAttempt[];
}

interface Draft {
  readonly span: Span;
  parent?: Draft;
  readonly children: Draft[];
}

const QUEUE = "AWS::SQS::Queue";
const FUNCTION = "AWS::Lambda::Function";

/**
 * Makes one tree, or several where they do not hang together, of spans of several traces: a queue's wait hangs on who sent the message, its function on
 * that wait, and failed attempts that no span shows on their receive. What is about other messages only is left out.
 */
export function traceTree({ spans, messageIds, attempts = [] }: TraceParts): readonly TraceNode[] {
  const drafts = new Map(spans.map((span) => [keyOf(span), { span, children: [] } as Draft]));
  const isOurs = (span: Span): boolean =>
    messageIds === undefined || spanMessages(span).some((id) => messageIds.has(id));
  const all = [...drafts.values()];
  for (const draft of all) {
    const parent = parentOf(draft.span, drafts, all, isOurs);
    if (parent && !isWithin(parent, draft)) {
      draft.parent = parent;
      parent.children.push(draft);
    }
  }
  placeAttempts(all, attempts);
  clipWaits(all);
  const roots = all.filter(({ parent }) => !parent);
  return inOrder(roots.filter((root) => isKept(root, isOurs)).map((root) => nodeOf(root, isOurs)));
}

function keyOf({ traceId, id }: { readonly traceId: string; readonly id: string }): string {
  return `${traceId} ${id}`;
}

function parentOf(
  span: Span,
  drafts: ReadonlyMap<string, Draft>,
  all: readonly Draft[],
  isOurs: (span: Span) => boolean,
): Draft | undefined {
  const named = span.parentId === undefined ? undefined : drafts.get(keyOf({ ...span, id: span.parentId }));
  if (named) return named;
  if (span.parentId === undefined && span.origin?.startsWith("AWS::Lambda")) {
    const waits = all.filter((each) => each.span.origin === QUEUE && each.span.traceId === span.traceId);
    const wait = waits.find((each) => isOurs(each.span)) ?? waits[0];
    if (wait) return wait;
  }
  return span.links.map((link) => drafts.get(keyOf(link))).find((linked) => linked !== undefined);
}

/** Whether a draft is above another, or that one itself: then it cannot hang on it. */
function isWithin(draft: Draft, above: Draft): boolean {
  for (let at: Draft | undefined = draft; at; at = at.parent) if (at === above) return true;
  return false;
}

/** The reason goes to the span of its attempt; where there is none, the attempt gets one under its function or its wait. */
function placeAttempts(all: Draft[], attempts: readonly TracedAttempt[]): void {
  for (const attempt of attempts) {
    const { messageId, receiveCount, failedAtMs, errorName, message } = attempt;
    const same = all.filter(
      ({ span: { annotations } }) =>
        annotations["message_id"] === messageId && annotations["receive_count"] === String(receiveCount),
    );
    const failure = { type: errorName, message };
    const shown = same.find(({ span }) => span.origin === undefined);
    if (shown) {
      Object.assign(shown, { span: { ...shown.span, failure: shown.span.failure ?? failure } });
      continue;
    }
    const wait = same[0];
    const parent = wait?.children.find(({ span }) => span.origin === FUNCTION) ?? wait;
    const span: Span = {
      traceId: parent?.span.traceId ?? "",
      id: `attempt ${messageId} ${receiveCount}`,
      name: `attempt ${receiveCount}`,
      startMs: parent && parent !== wait ? Math.min(parent.span.startMs, failedAtMs) : failedAtMs,
      endMs: failedAtMs,
      failure,
      annotations: { message_id: messageId, receive_count: String(receiveCount) },
      links: [],
    };
    const draft: Draft = { span, children: [], ...(parent && { parent }) };
    parent?.children.push(draft);
    all.push(draft);
  }
}

/** A message waits for a further receive from the end of the one before: its queue only says when it was sent. */
function clipWaits(all: readonly Draft[]): void {
  const waits = all.filter(({ span }) => span.origin === QUEUE && span.annotations["message_id"] !== undefined);
  for (const [, ofMessage] of Map.groupBy(waits, ({ span }) => span.annotations["message_id"])) {
    const receives = ofMessage.toSorted((a, b) => (a.span.endMs ?? 0) - (b.span.endMs ?? 0));
    for (const [index, draft] of receives.entries()) {
      const before = receives[index - 1];
      const { startMs, endMs = startMs } = draft.span;
      const since = before && Math.max(...[before, ...before.children].map(({ span }) => span.endMs ?? span.startMs));
      if (since !== undefined && since > startMs) {
        Object.assign(draft, { span: { ...draft.span, startMs: Math.min(since, endMs) } });
      }
    }
  }
}

/** What is about another message only is not kept; what leads to ours, or is about none, is. */
function isKept(draft: Draft, isOurs: (span: Span) => boolean): boolean {
  const isForeign = spanMessages(draft.span).length > 0 && !isOurs(draft.span);
  return !isForeign || draft.children.some((child) => hasOurs(child, isOurs));
}

function hasOurs(draft: Draft, isOurs: (span: Span) => boolean): boolean {
  const own = spanMessages(draft.span).length > 0 && isOurs(draft.span);
  return own || draft.children.some((child) => hasOurs(child, isOurs));
}

function nodeOf(draft: Draft, isOurs: (span: Span) => boolean): TraceNode {
  const kept = draft.children.filter((child) => isKept(child, isOurs) && !isRepeated(child, draft));
  return { span: draft.span, children: inOrder(kept.map((child) => nodeOf(child, isOurs))) };
}

/** The service's own side of a call that the function's span shows already. */
function isRepeated({ span, children }: Draft, { span: above }: Draft): boolean {
  return span.origin === "AWS::Service" && above.namespace === "aws" && children.length === 0 && !span.failure;
}

function inOrder(nodes: readonly TraceNode[]): readonly TraceNode[] {
  return [...nodes].sort((a, b) => a.span.startMs - b.span.startMs || a.span.id.localeCompare(b.span.id));
}
