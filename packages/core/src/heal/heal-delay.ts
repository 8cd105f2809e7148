import type { HealBackoff } from "../policy/policy.ts";

/** How long a heal waits, seconds: base · 2^heals up to the cap, and with full jitter a random part of it. */
export function healDelaySeconds(
  { baseSeconds, capSeconds, jitter = "full" }: HealBackoff,
  heals: number,
  random: number,
): number {
  const delay = Math.min(capSeconds, baseSeconds * 2 ** Math.min(heals, 60));
  return Math.round(jitter === "full" ? delay * random : delay);
}
