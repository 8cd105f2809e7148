/** The stack's name; it is the same for every project. */
export const STACK = "OrderedMessageProcessingStack";

/** What everything is called. */
export interface Names {
  readonly mainQueue: string;
  readonly deadLetterQueue: string;
  readonly orderTable: string;
  readonly journalTable: string;
  readonly failureTable: string;
  /** The beginning: buckets' names are unique among all accounts. */
  readonly archive: string;
  readonly alertTopic: string;
  readonly wakeUps: string;
  readonly processor: string;
  readonly poisonHandler: string;
  readonly replay: string;
  readonly api: string;
  readonly dashboard: string;
}

/** The names of a project's resources: each begins with the project. */
export function namesOf(project: string): Names {
  return {
    mainQueue: `${project}-main-queue.fifo`,
    deadLetterQueue: `${project}-dlq.fifo`,
    orderTable: `${project}-orders`,
    journalTable: `${project}-journal`,
    failureTable: `${project}-failures`,
    archive: `${project}-archive`,
    alertTopic: `${project}-alerts`,
    wakeUps: `${project}-wake-ups`,
    processor: `${project}-message-processor`,
    poisonHandler: `${project}-poison-handler`,
    replay: `${project}-message-replay`,
    api: `${project}-recovery`,
    dashboard: project,
  };
}
