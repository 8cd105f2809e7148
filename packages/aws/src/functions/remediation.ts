import { remediationHandler } from "../remediation/remediation-handler.ts";

/** The function of a Remediation. */
export const handler: ReturnType<typeof remediationHandler> = remediationHandler();
