/** The faults that a person can switch on, to see what becomes of events then. */
export const FAILURE_MODES = [
  "none",
  /** Events fail the schema, and go to the dead-letter queue. */
  "poison_payload",
  /** The service behind does not answer in time. */
  "slow_downstream",
  /** Of a hundred attempts thirty fail. */
  "random_fail_p30",
  /** Each event is on the queue twice. */
  "duplicate_submit",
] as const;

/** One of them. */
export type FailureMode = (typeof FAILURE_MODES)[number];

/** Which one is switched on now. */
export type ReadFailureMode = () => Promise<FailureMode>;

/** What the parameter says; undefined for what is no mode. */
export function failureModeOf(text: string | undefined): FailureMode | undefined {
  return FAILURE_MODES.find((mode) => mode === text?.trim());
}
