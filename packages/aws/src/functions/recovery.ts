import { recoveryFromEnvironment } from "../recovery/recovery-from-environment.ts";
import { recoveryHandler } from "../recovery/recovery-handler.ts";

/** The function of a Recovery whose policy is data: it has no repairs, webhooks or schemas. */
export const handler: ReturnType<typeof recoveryHandler> = recoveryHandler(recoveryFromEnvironment());
