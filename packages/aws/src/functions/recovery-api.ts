import type { ApiHandler } from "../api/http.ts";
import { recoveryApiHandler } from "../api/recovery-api-handler.ts";
import { recoveryFromEnvironment } from "../recovery/recovery-from-environment.ts";

/** The function of a RecoveryApi whose policy is data: it has no repairs, webhooks or schemas. */
export const handler: ApiHandler = recoveryApiHandler(recoveryFromEnvironment());
