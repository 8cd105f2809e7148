export { allChannels } from "./all-channels.ts";
export type { RecoveredQueue } from "./recovered-queue.ts";
export { type RecoveryAdditions, recoveryFromEnvironment } from "./recovery-from-environment.ts";
export { type RecoveryOptions, recoveryHandler, type SweepEvent } from "./recovery-handler.ts";
export { s3Archive } from "./s3-archive.ts";
export { snsAlerts } from "./sns-alerts.ts";
export { sqsResend } from "./sqs-resend.ts";
export { sqsWakeUps } from "./sqs-wake-ups.ts";
export { signature, type Webhook, webhookAlerts } from "./webhook-alerts.ts";
