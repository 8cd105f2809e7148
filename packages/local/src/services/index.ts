import type { Service, World } from "../kernel/service.ts";
import { sqsService } from "./sqs/service.ts";

/** Every service of the region; adding one is adding its folder, and its line here. */
export const SERVICES: readonly ((world: World) => Service)[] = [sqsService];
