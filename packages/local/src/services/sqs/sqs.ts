import type { LongPolls } from "./long-poll.ts";
import type { MessageMover } from "./message-mover.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import type { Taking } from "./take.ts";

/** What the actions of the SQS service share. */
export interface Sqs extends Taking {
  readonly polls: LongPolls;
  readonly moves: MessageMover;
  readonly metrics: QueueMetrics;
}
