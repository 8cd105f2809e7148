/** What everything of one environment is called. */
export interface Names {
  /** The beginning of the stacks' names; `-queue`, `-functions`, `-api` and `-observability` follow. */
  readonly stacks: string;
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly answerTable: string;
  readonly orderTable: string;
  readonly journalTable: string;
  readonly failureTable: string;
  readonly eventBus: string;
  readonly notificationTopic: string;
  readonly alarmTopic: string;
  readonly ingest: string;
  readonly worker: string;
  readonly redrive: string;
  readonly api: string;
  /** Begins the names of alarms and saved queries. */
  readonly monitoring: string;
  readonly dashboard: string;
}

/** The names of an environment's resources: each has the environment in it. */
export function namesOf(environment: string): Names {
  const named = (rest: string): string => `ingestion-${environment}-${rest}`;
  return {
    stacks: `event-ingestion-${environment}`,
    queue: named("events"),
    deadLetterQueue: named("events-dlq"),
    answerTable: named("answers"),
    orderTable: named("orders"),
    journalTable: named("journal"),
    failureTable: named("failures"),
    eventBus: named("bus"),
    notificationTopic: named("notifications"),
    alarmTopic: named("alarms"),
    ingest: named("ingest"),
    worker: named("worker"),
    redrive: named("redrive"),
    api: named("api"),
    monitoring: `ingestion-${environment}`,
    dashboard: `IngestionLab-${environment}`,
  };
}

/** The namespace of all metrics. */
export const NAMESPACE = "EventIngestion";
