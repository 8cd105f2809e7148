import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** Where the SDKs of functions send their segments, as to the daemon that Lambda runs beside a traced function. */
export interface Daemon {
  /** `127.0.0.1:2000`: the value of AWS_XRAY_DAEMON_ADDRESS. */
  readonly address: string;
  close(): void;
}

/** Listens on a free UDP port of 127.0.0.1: a header line, then one segment document (X-Ray developer guide, "Sending segment documents to the X-Ray daemon"). */
export async function startDaemon(take: (document: string) => void): Promise<Daemon> {
  const socket = createSocket("udp4");
  socket.unref();
  socket.on("message", (datagram) => {
    const text = datagram.toString("utf8");
    const end = text.indexOf("\n");
    if (end > 0 && isHeader(text.slice(0, end))) take(text.slice(end + 1));
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  // Afterwards nothing of a datagram may end the region.
  socket.on("error", () => {});
  const { port } = socket.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => socket.close() };
}

function isHeader(line: string): boolean {
  try {
    const { format, version } = JSON.parse(line) as { readonly format?: unknown; readonly version?: unknown };
    return format === "json" && version === 1;
  } catch {
    return false;
  }
}
