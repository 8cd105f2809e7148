import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { alarmMeasures } from "./alarm-measures.ts";
import { type AlarmStory, readAlarmStories } from "./alarm-stories.ts";
import { CannotPlay, type GameDay, type Stage, type StageSettings } from "./game-day.ts";
import { type Measure, type Verdict, verdictOf } from "./measures.ts";
import { type Recorded, setStage } from "./stage.ts";

/** A game day that was played. */
export interface Played extends Recorded {
  readonly name: string;
  readonly hypothesis: string;
  readonly fault: string;
  readonly scale: number;
  readonly seconds: number;
  readonly verdict: Verdict;
  /** Why it could not run. */
  readonly because?: string;
  readonly measures: readonly Measure[];
  /** Those that fired, or are in alarm. */
  readonly alarms: readonly AlarmStory[];
}

/** Where and how large a game day is played. */
export interface PlaySettings {
  readonly settings: StageSettings;
  readonly regionPid: number | undefined;
  readonly given: Readonly<Record<string, string>>;
  readonly scale: number;
  readonly signal: AbortSignal;
}

/** How long alarms may take to clear once all is over, rounds of a minute: where nothing comes any more an alarm goes by the last three periods, of ten minutes at most, and a schedule may look before. */
const MOST_ROUNDS = 40;
const ROUND_SECONDS = 60;

/** Plays a game day on a system that is deployed. What keeps it from its end is in the answer. */
export async function playGameDay(
  gameDay: GameDay,
  play: PlaySettings,
  onMoment: (recorded: Recorded) => void = () => {},
): Promise<Played> {
  const { stage, recorded, end } = setStage(play, onMoment);
  const { name, hypothesis, fault } = gameDay;
  const played = (rest: Pick<Played, "alarms" | "because" | "measures" | "verdict">): Played => {
    const seconds = Math.round((Date.now() - recorded.beganAtMs) / 1_000);
    return { name, hypothesis, fault, scale: play.scale, seconds, ...recorded, ...rest };
  };
  try {
    if (gameDay.localOnly !== undefined && play.regionPid === undefined) throw new CannotPlay(gameDay.localOnly);
    const measured = await gameDay.run(stage);
    await end();
    const told = await stage.phase("alarms clear", () => untilAlarmsClear(stage, recorded.beganAtMs));
    const measures = [...measured, ...alarmMeasures({ ...told, asked: gameDay.alarms, scale: play.scale })];
    return played({ measures, alarms: told.stories, verdict: verdictOf(measures) });
  } catch (error) {
    await end();
    const because = error instanceof Error ? error.message : String(error);
    return played({ measures: [], alarms: [], verdict: "could-not-run", because });
  }
}

interface Told {
  readonly alarms: number;
  readonly stories: readonly AlarmStory[];
}

/** The minute that is not over yet is looked at, too; of a small game day only that. */
async function untilAlarmsClear(stage: Stage, fromMs: number): Promise<Told> {
  const cloudwatch = new CloudWatchClient(stage.settings);
  const rounds = stage.scale >= 1 ? MOST_ROUNDS : 1;
  try {
    for (let round = 1; ; round++) {
      await stage.passTime(ROUND_SECONDS);
      const told = await readAlarmStories(cloudwatch, fromMs);
      if (round === rounds || !told.stories.some(({ inAlarm }) => inAlarm)) return told;
    }
  } finally {
    cloudwatch.destroy();
  }
}
