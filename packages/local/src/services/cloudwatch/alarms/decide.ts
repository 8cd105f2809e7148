export type AlarmStateValue = "ALARM" | "INSUFFICIENT_DATA" | "OK";

/** How an alarm takes a period without data. */
export const MISSING_DATA = ["breaching", "ignore", "missing", "notBreaching"] as const;

export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: (typeof MISSING_DATA)[number];
}

/** How many periods an alarm looks at beyond those that it evaluates: the user guide's examples look at 5 for 3. */
const MORE_PERIODS = 2;

/** The periods that an evaluation looks at (the evaluation range). */
export function evaluationRange({ evaluationPeriods }: AlarmRule): number {
  return evaluationPeriods + MORE_PERIODS;
}

/**
 * The state that an alarm has by its periods, the oldest first: breaching, not breaching, or undefined without data; "retain" keeps
 * the state (CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data" and "Avoiding premature transitions").
 */
export function decideState(periods: readonly (boolean | undefined)[], rule: AlarmRule): AlarmStateValue | "retain" {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const real = periods.filter((each) => each !== undefined);
  const breaching = (points: readonly boolean[]): number => points.filter((each) => each).length;
  const byCount = (count: number): AlarmStateValue => (count >= datapointsToAlarm ? "ALARM" : "OK");
  // Enough data, if need be from farther back: how missing data is taken does not matter.
  if (real.length >= evaluationPeriods) return byCount(breaching(real.slice(-evaluationPeriods)));
  if (treatMissingData === "breaching") return byCount(breaching(real) + evaluationPeriods - real.length);
  if (treatMissingData === "notBreaching") return byCount(breaching(real));
  if (real.length === 0) return treatMissingData === "missing" ? "INSUFFICIENT_DATA" : "retain";
  if (byCount(breaching(real)) === "ALARM") return "ALARM";
  if (!allBreach(periods, rule)) return "OK";
  return treatMissingData === "missing" ? "ALARM" : "retain";
}

/** Whether all that there is breaches, and the oldest of it is old enough. */
function allBreach(periods: readonly (boolean | undefined)[], { datapointsToAlarm }: AlarmRule): boolean {
  return !periods.includes(false) && periods.length - periods.indexOf(true) >= datapointsToAlarm;
}
