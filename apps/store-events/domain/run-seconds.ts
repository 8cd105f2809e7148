/** The longest round, seconds: well within the function's timeout. */
const LONGEST_RUN_SECONDS = 60;

/**
 * How long a round is to run: as the event says (`{"seconds": 2}`), else as the environment says, else 5 seconds.
 * @throws RangeError that names the value and what it takes.
 */
export function runSeconds(event: unknown, environment: string | undefined): number {
  const asked = (event as { seconds?: unknown } | null | undefined)?.seconds;
  const seconds = asked ?? (environment === undefined || environment === "" ? 5 : Number(environment));
  if (typeof seconds === "number" && seconds > 0 && seconds <= LONGEST_RUN_SECONDS) return seconds;
  const source = asked === undefined ? "RUN_SECONDS" : "the event's `seconds`";
  const value = JSON.stringify(asked ?? environment);
  throw new RangeError(`${source} is ${value}; it takes a number above 0, up to ${LONGEST_RUN_SECONDS}.`);
}
