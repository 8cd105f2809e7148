/** What has been announced of a failure group: floods are one alert with a count, and an all-clear ends it. */
export interface AlertState {
  /** The group's id. */
  readonly group: string;
  readonly state: "open" | "clear";
  readonly version: number;
  /** Milliseconds since the Unix epoch, as all times. */
  readonly openedAtMs: number;
  readonly announcedAtMs: number;
  /** The group's deaths when it was announced last: what came since is the next announcement's count. */
  readonly announcedDeaths: number;
  /** When it is looked at next, where that is later than its window's end: it is quiet, and not known to be over. */
  readonly lookAtMs?: number;
  /** Whether it was told that healing of the group is disarmed. */
  readonly announcedDisarmed: boolean;
  /** An announcement that is being sent: who was killed before it was told is repeated after this time. */
  readonly sendingUntilMs?: number;
  readonly sendingKind?: Alert["kind"];
  readonly sendingCount?: number;
}

/** What a person is told. */
export interface Alert {
  readonly kind: "failures" | "all-clear" | "healing-disarmed";
  /** Equal for all that is told of one problem, from its first alert to its all-clear: what receivers put together by. */
  readonly incident: string;
  readonly group: string;
  readonly queue: string;
  readonly title: string;
  /** Deaths since the last announcement, and in all. */
  readonly count: number;
  readonly total: number;
  readonly category: string;
  readonly severity: string;
  readonly errorName: string;
  /** Redacted as the journal's. */
  readonly message: string;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  /** Some of its failed messages, by id. */
  readonly samples: readonly string[];
  /** Equal for repeats of one announcement: receivers can tell them apart. */
  readonly id: string;
}
