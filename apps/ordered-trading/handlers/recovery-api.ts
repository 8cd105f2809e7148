import { type ApiHandler, recoveryApiHandler } from "@reliq/aws/recovery";
import { recoveryOptions } from "./recovery-options.ts";

/** What `reliq` asks for. */
export const handler: ApiHandler = recoveryApiHandler(recoveryOptions());
