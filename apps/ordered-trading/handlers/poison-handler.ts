import { recoveryHandler } from "@reliq/aws/recovery";
import { emfMeasures } from "@reliq/aws/telemetry";
import { NAMESPACE } from "../domain/batch-metrics.ts";
import { notedPoison } from "../domain/noted-poison.ts";
import { recoveryOptions } from "./recovery-options.ts";

const options = recoveryOptions();
const { ports } = options;
const store = notedPoison(ports.store, ports.log, emfMeasures({ namespace: NAMESPACE }));

/** Captures what died, repairs or heals it, archives what cannot be helped, and tells a person of what is critical. */
export const handler: ReturnType<typeof recoveryHandler> = recoveryHandler({ ...options, ports: { ...ports, store } });
