import type { Members } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import type { Subscription } from "./subscription.ts";

/** What would have left this machine: an e-mail, a text message, or a request to another host. */
interface Outgoing {
  /** `email`, `email-json`, `sms`, `http` or `https`. */
  readonly kind: string;
  readonly recipient: string;
  readonly subject?: string | undefined;
  readonly body: string;
  /** Missing for a text message that was sent to a phone directly. */
  readonly topicArn?: string | undefined;
  readonly messageId: string;
}

/** Whether what a subscription gets goes to the outbox: all but queues, functions, and what listens on this machine. */
export function isOutbound({ protocol, endpoint }: Pick<Subscription, "protocol" | "endpoint">): boolean {
  if (protocol === "sqs" || protocol === "lambda") return false;
  return !protocol.startsWith("http") || !isLoopback(new URL(endpoint).hostname);
}

function isLoopback(host: string): boolean {
  return host === "[::1]" || /^127(\.\d+){3}$/.test(host) || /(^|\.)localhost$/.test(host);
}

/** Keeps what would have been sent, in a transaction of the caller's. */
export function addToOutbox(store: Store, outgoing: Outgoing, nowMs: number): void {
  const { kind, recipient, subject, body, topicArn, messageId } = outgoing;
  store
    .statement(
      "INSERT INTO sns_outbox (kind, recipient, subject, body, topicArn, messageId, sentAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .run(kind, recipient, subject ?? null, body, topicArn ?? null, messageId, nowMs);
}

/** Up to `limit` entries that are older than one, newest first. */
export function outboxBefore(store: Store, id: number, limit: number): Members[] {
  const rows = store.statement("SELECT * FROM sns_outbox WHERE id < ? ORDER BY id DESC LIMIT ?").all(id, limit);
  return rows.map(({ id, kind, recipient, subject, body, topicArn, messageId, sentAt }) => ({
    Id: String(id),
    Kind: kind,
    To: recipient,
    ...(subject !== null && { Subject: subject }),
    Body: body,
    ...(topicArn !== null && { TopicArn: topicArn }),
    MessageId: messageId,
    SentAt: new Date(Number(sentAt)).toISOString(),
  }));
}
