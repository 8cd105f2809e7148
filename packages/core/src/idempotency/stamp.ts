import type { Claim } from "../model/claim-item.ts";
import type { ConsumePorts } from "../ports.ts";

/** What claims that are made together share: their keys are distinct, so one token fences each of them. */
export type Stamp = Pick<Claim, "nowMs" | "token">;

/** A new one, from now. */
export function stamp({ newToken, now }: Pick<ConsumePorts, "newToken" | "now">): Stamp {
  return { token: newToken(), nowMs: now() };
}
