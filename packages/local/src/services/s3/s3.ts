import type { World } from "../../kernel/service.ts";
import type { Blobs } from "./blobs.ts";
import type { EventOutbox } from "./event-outbox.ts";

/** What the actions of the S3 service share. */
export interface S3 {
  readonly world: World;
  readonly blobs: Blobs;
  readonly outbox: EventOutbox;
}
