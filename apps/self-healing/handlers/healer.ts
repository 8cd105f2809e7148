import { recoveryFromEnvironment, recoveryHandler } from "@reliq/aws/recovery";
import { statsdMeasures } from "@reliq/aws/telemetry";
import { POLICY } from "../domain/failure-types.ts";

const host = process.env["STATSD_HOST"];
const webhook = process.env["INCIDENT_WEBHOOK_URL"];

/** Captures, heals, archives and alerts. `STATSD_HOST` and `INCIDENT_WEBHOOK_URL` (with `INCIDENT_WEBHOOK_SECRET`) tell other tools too. */
export const handler: ReturnType<typeof recoveryHandler> = recoveryHandler(
  recoveryFromEnvironment({
    policy: POLICY,
    repairs: [],
    measures: host === undefined ? [] : [statsdMeasures({ host })],
    webhooks: webhook === undefined ? [] : [{ url: webhook, secret: process.env["INCIDENT_WEBHOOK_SECRET"] ?? "" }],
  }),
);
