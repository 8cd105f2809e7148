import type { AlarmStory } from "./alarm-stories.ts";
import { exactly, type Measure, shown } from "./measures.ts";

/** What is asked of the alarms of a deployment, and what became of them. */
export interface AlarmsAsked {
  /** As a game day says it. */
  readonly asked: readonly string[] | undefined;
  /** How many alarms there are. */
  readonly alarms: number;
  readonly stories: readonly AlarmStory[];
  /** Below 1 nobody asks that an alarm fires, or waits until it clears: what is too small refutes nothing. */
  readonly scale: number;
}

/** Judges the alarms: each that is asked for fired and cleared, no other critical one fired, and all that fired cleared. */
export function alarmMeasures({ asked, alarms, stories, scale }: AlarmsAsked): readonly Measure[] {
  const others = stories.filter(({ name }) => !asked?.some((part) => name.includes(part)));
  const critical = others.filter(({ severity }) => severity === "critical").map(({ name }) => name);
  const beside = critical.join(", ") || "none";
  const open = stories.filter(({ inAlarm }) => inAlarm).length;
  return [
    shown("alarms of the deployment", alarms),
    shown("alarms that fired", stories.length),
    ...(asked ?? []).map((part) => {
      const name = `alarm ${part}`;
      const story = storyOf(part, stories);
      return scale >= 1 ? exactly(name, story, "fired and cleared") : shown(name, story);
    }),
    asked
      ? exactly("critical alarms that nobody asked for", beside, "none")
      : shown("critical alarms of them", critical.length),
    scale >= 1 ? exactly("alarms that did not clear", open, 0) : shown("alarms that did not clear yet", open),
  ];
}

function storyOf(part: string, stories: readonly AlarmStory[]): string {
  const story = stories.find(({ name }) => name.includes(part));
  if (!story) return "did not fire";
  return story.inAlarm ? "fired, and did not clear" : "fired and cleared";
}
