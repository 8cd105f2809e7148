import { recoveryHandler } from "@reliq/aws/recovery";
import { serveQueue } from "../harness/event-source.ts";
import { regionClients } from "./chaos-region.ts";
import { recoveryOptions } from "./recovery-options.ts";
import { CHAOS_POLICY, type RecoverySetting } from "./recovery-setting.ts";

/** What a recovery process is told. */
export interface RecoveryTask extends RecoverySetting {
  readonly endpoint: string;
}

const { endpoint, ...setting } = JSON.parse(process.argv[2] ?? "{}") as RecoveryTask;
const clients = regionClients(endpoint);
// Without whoever started it, nobody would end it.
process.once("disconnect", () => process.exit());
const handler = recoveryHandler(recoveryOptions(clients, setting, { policy: CHAOS_POLICY, repairs: [] }));
process.send?.("working");
const { signal } = new AbortController();
await Promise.all(
  [...setting.deadLetterUrls, setting.wakeUpsUrl].map((queueUrl) =>
    serveQueue({ client: clients.sqs, queueUrl, handler }, signal),
  ),
);
