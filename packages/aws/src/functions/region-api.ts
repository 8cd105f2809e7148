import type { ApiHandler } from "../api/http.ts";
import { regionApiHandler } from "../region/region-api-handler.ts";

/** The function of a Console that shows its systems' stacks. */
export const handler: ApiHandler = regionApiHandler();
