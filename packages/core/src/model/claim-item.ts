/** What is kept under one idempotency key: who works on it, or that it is done. */
export interface ClaimItem {
  readonly state: "claimed" | "done";
  /** The fence: only the attempt that wrote it last can complete. */
  readonly token: string;
  readonly messageId: string;
  readonly receiveCount: number;
  /** Tells a repeat of a message from another message that has the same key by mistake. */
  readonly payloadHash: string;
  /** Until then the owner may be at work, milliseconds since the Unix epoch. */
  readonly leaseUntilMs: number;
  /** From then on the item counts as absent, milliseconds since the Unix epoch; DynamoDB deletes it up to days later. */
  readonly expiresAtMs: number;
  /** What the handler returned, where results are kept; JSON. */
  readonly result?: string;
}

/** An attempt's wish to be the one that works on a key. */
export interface Claim {
  readonly key: string;
  readonly token: string;
  readonly messageId: string;
  readonly receiveCount: number;
  readonly payloadHash: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
  /** How long the key is remembered after its effect, milliseconds. */
  readonly ttlMs: number;
  /** When the effect was there, milliseconds since the Unix epoch; undefined while it is worked on. */
  readonly endedAtMs?: number;
}

/** What one step did to an item, and whether its condition held. */
export interface Step {
  readonly item: ClaimItem | undefined;
  readonly done: boolean;
}

/** First receives: an insert, which an item of any age refuses. The service refuses it also when its own first answer was lost. */
export function insertClaim(item: ClaimItem | undefined, claim: Claim): Step {
  return item === undefined ? { item: claimedItem(claim), done: true } : { item, done: false };
}

/**
 * Later receives: takes over what this message's earlier receive left, what a dead owner left, and what has expired. It takes
 * nothing that is done, and nothing that somebody may be working on. Repeating it changes nothing.
 */
export function takeOverClaim(item: ClaimItem | undefined, claim: Claim): Step {
  if (item === undefined) return { item, done: false };
  const earlierReceive = item.messageId === claim.messageId && item.receiveCount < claim.receiveCount;
  const repeated = item.token === claim.token;
  const free =
    item.expiresAtMs <= claim.nowMs ||
    (item.state === "claimed" && (repeated || item.leaseUntilMs <= claim.nowMs || earlierReceive));
  return free ? { item: claimedItem(claim), done: true } : { item, done: false };
}

/**
 * The heartbeat: its owner is still at work, so the lease goes on, unless another attempt has taken the claim over or it is done. Repeating
 * it changes nothing, and a request that arrives late shortens nothing.
 */
export function renewClaim(item: ClaimItem | undefined, claim: Claim): Step {
  const held = item?.state === "claimed" && item.token === claim.token && item.leaseUntilMs <= claim.leaseUntilMs;
  if (!held) return { item, done: false };
  return { item: { ...item, leaseUntilMs: claim.leaseUntilMs, expiresAtMs: expiryMs("claimed", claim) }, done: true };
}

/** Its owner has failed, and is at work no more: the lease ends, so that a copy of its message can take over. Repeating it changes nothing. */
export function releaseClaim(item: ClaimItem | undefined, claim: Claim): Step {
  if (item?.state !== "claimed" || item.token !== claim.token) return { item, done: false };
  return { item: { ...item, leaseUntilMs: 0 }, done: true };
}

/** Marks the work as done, unless another attempt has taken the claim over. Repeating it changes nothing. */
export function completeClaim(item: ClaimItem | undefined, claim: Claim, result?: string): Step {
  if (item?.token !== claim.token) return { item, done: false };
  return {
    item: { ...item, state: "done", expiresAtMs: expiryMs("done", claim), ...(result !== undefined && { result }) },
    done: true,
  };
}

/** Whether the work is done already, with the same payload: then the message is a duplicate. */
export function probeClaim(item: ClaimItem | undefined, claim: Claim): Step {
  const duplicate = item?.state === "done" && item.expiresAtMs > claim.nowMs && item.payloadHash === claim.payloadHash;
  return { item, done: duplicate };
}

/**
 * When an item expires, milliseconds since the Unix epoch: its key is remembered from the effect on, however long the handler took, and
 * never expires under an owner that may be at work.
 */
export function expiryMs(state: ClaimItem["state"], { nowMs, leaseUntilMs, ttlMs, endedAtMs = nowMs }: Claim): number {
  return ttlMs + (state === "done" ? endedAtMs : Math.max(nowMs, leaseUntilMs));
}

function claimedItem(claim: Claim): ClaimItem {
  const { token, messageId, receiveCount, payloadHash, leaseUntilMs } = claim;
  const expiresAtMs = expiryMs("claimed", claim);
  return { state: "claimed", token, messageId, receiveCount, payloadHash, leaseUntilMs, expiresAtMs };
}
