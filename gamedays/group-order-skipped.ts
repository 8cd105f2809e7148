import { atLeast, atMost, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { LONGEST_SECONDS, POISONED_ACCOUNTS, secondsUntil, startTrading } from "./parts/trading-accounts.ts";

/** The same poison as in `group-order`, where a group goes on without it, as SQS does. */
export const gameDay: GameDay = {
  ...POISONED_ACCOUNTS,
  name: "group-order-skipped",
  hypothesis:
    "A group that goes on without its poison message loses its order: what comes after is done before it, though it is repaired, and no such account ends as it should. Other accounts do not notice.",
  context: { onPoison: "skip" },
  run,
};

async function run(stage: Stage): Promise<readonly Measure[]> {
  const { accounts, healthy, sick, send, filled, failures, depth } = await startTrading(stage);
  await stage.phase("steps of all accounts", send);
  // Each poison message has come back once, and nothing is under way any more.
  const isOver = async (): Promise<boolean> =>
    (await failures("resolved")) >= sick.length &&
    (await failures("healing")) + (await failures("requeued")) + (await depth()) === 0;
  const seconds = await stage.phase("all accounts", () => secondsUntil(stage, isOver));
  const now = await filled();
  return [
    shown("accounts", accounts.length),
    shown("of them with a poison message", sick.length),
    exactly(
      "healthy accounts that ended as if nothing had failed",
      healthy.filter((each) => now.has(each)).length,
      healthy.length,
    ),
    exactly("accounts with poison that did", sick.filter((each) => now.has(each)).length, 0),
    atLeast("poison messages that were repaired and processed", await failures("resolved"), sick.length),
    shown("later steps that were refused, archived or held", (await failures("archived")) + (await failures("held"))),
    atMost("time of all accounts", seconds, LONGEST_SECONDS, "s"),
  ];
}
