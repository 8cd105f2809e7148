import { createSocket } from "node:dgram";
import type { Measures } from "./measures.ts";

/** Where an agent listens. */
export interface StatsdOptions {
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** @default 8125 */
  readonly port?: number;
  /** What names begin with. @default "reliq." */
  readonly prefix?: string;
}

/**
 * Measures as StatsD datagrams with tags (DogStatsD), as the agents of Datadog, New Relic and the OpenTelemetry collector take them:
 * `reliq.archived_count:1|c|#queue:orders,category:validation`. What no agent hears is lost, and holds up nothing.
 */
export function statsdMeasures({ host = "127.0.0.1", port = 8125, prefix = "reliq." }: StatsdOptions = {}): Measures {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.unref();
  // An error without a listener would end the process.
  socket.on("error", () => undefined);
  return (measures) => {
    const lines = measures.map(({ name, value, kind, dimensions }) => {
      const tags = Object.entries(dimensions).map(([key, text]) => `${key.toLowerCase()}:${clean(text)}`);
      const end = tags.length > 0 ? `|#${tags.join(",")}` : "";
      return `${prefix}${clean(name).toLowerCase()}:${value}|${kind === "count" ? "c" : "g"}${end}`;
    });
    for (const line of lines) socket.send(line, port, host, () => undefined);
  };
}

/** What the protocol takes for its own signs. */
function clean(text: string): string {
  return text.replace(/[:|@#,\s]/g, "_");
}
