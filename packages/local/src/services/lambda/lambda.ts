import type { World } from "../../kernel/service.ts";
import type { Pool } from "../../runtime/pool.ts";
import type { Sources } from "./event-sources/sources.ts";
import type { EventQueue } from "./invocations/event-queue.ts";
import type { Invoker } from "./invocations/invoker.ts";

/** What the actions of the service work on. */
export interface Lambda {
  readonly world: World;
  readonly pool: Pool;
  readonly invoker: Invoker;
  readonly events: EventQueue;
  readonly sources: Sources;
}
