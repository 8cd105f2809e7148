import { atMost, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { LONGEST_SECONDS, POISONED_ACCOUNTS, secondsUntil, startTrading } from "./parts/trading-accounts.ts";

/** Poison in the middle of message groups whose steps build on each other. */
export const gameDay: GameDay = {
  ...POISONED_ACCOUNTS,
  name: "group-order",
  hypothesis:
    "A poison message holds its own group and no other; once it is repaired the group goes on in sequence, so every account ends as if nothing had failed.",
  context: { onPoison: "hold-group" },
  run,
};

async function run(stage: Stage): Promise<readonly Measure[]> {
  const { accounts, healthy, sick, send, filled, failures, depth } = await startTrading(stage);
  const areFilled = async (wanted: readonly string[]): Promise<boolean> => {
    const now = await filled();
    return wanted.every((account) => now.has(account));
  };
  const sentAtMs = Date.now();
  await stage.phase("steps of all accounts", send);
  const healthySeconds = await stage.phase("healthy accounts", () => secondsUntil(stage, () => areFilled(healthy)));
  await stage.phase("sick accounts", () => secondsUntil(stage, () => areFilled(accounts)));
  const seconds = (Date.now() - sentAtMs) / 1_000;
  return [
    shown("accounts", accounts.length),
    shown("of them with a poison message", sick.length),
    exactly("accounts that ended as if nothing had failed", (await filled()).size, accounts.length),
    exactly("poison messages that were repaired and processed", await failures("resolved"), sick.length),
    exactly("held at the end", await failures("held"), 0),
    exactly("left in the queue", await depth(), 0),
    atMost("time of the healthy accounts", healthySeconds, LONGEST_SECONDS, "s"),
    atMost("time of all accounts", seconds, LONGEST_SECONDS, "s"),
  ];
}
