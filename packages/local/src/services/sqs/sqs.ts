import type { World } from "../../kernel/service.ts";
import type { LongPolls } from "./long-poll.ts";
import type { MessageMover } from "./message-mover.ts";

/** What the actions of the SQS service share. */
export interface Sqs {
  readonly world: World;
  readonly polls: LongPolls;
  readonly moves: MessageMover;
}
