import { AsyncLocalStorage } from "node:async_hooks";
import { createSocket } from "node:dgram";
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { xrayTracer } from "./xray-tracer.ts";

/** The header of a datagram to X-Ray's daemon (X-Ray developer guide, "Sending segment documents to the X-Ray daemon"). */
const DATAGRAM_HEADER = '{"format":"json","version":1}\n';

/**
 * Sends the spans of this function to the X-Ray daemon that Lambda, and the local region, runs beside it (`AWS_XRAY_DAEMON_ADDRESS`): call it once, where the
 * module is loaded. Where there is no daemon, or an OpenTelemetry SDK is registered already, such as that of AWS's layer, it does nothing.
 */
export function startTracing(environment: NodeJS.ProcessEnv = process.env): void {
  const [host = "", port = ""] = environment["AWS_XRAY_DAEMON_ADDRESS"]?.split(":") ?? [];
  if (host === "" || !Number(port)) return;
  const tracer = xrayTracer({
    send: datagrams(host, Number(port)),
    now: Date.now,
    header: () => environment["_X_AMZN_TRACE_ID"],
  });
  if (trace.setGlobalTracerProvider({ getTracer: () => tracer })) context.setGlobalContextManager(asyncContexts());
}

/** What the daemon does not take is lost, and holds up nothing. */
function datagrams(host: string, port: number): (document: object) => void {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.unref();
  // An error without a listener would end the process.
  socket.on("error", () => undefined);
  // A socket that is connected sends at once: what a process says right before it dies is not lost.
  let early: string[] | undefined = [];
  const send = (text: string): void => socket.send(text, () => undefined);
  socket.connect(port, host, () => {
    for (const text of early ?? []) send(text);
    early = undefined;
  });
  return (document) => {
    const text = DATAGRAM_HEADER + JSON.stringify(document);
    if (early) early.push(text);
    else send(text);
  };
}

function asyncContexts(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (within, work, self, ...given) =>
      storage.run(within, () => work.apply(self as ThisParameterType<typeof work>, given)),
    bind: (within, target) =>
      typeof target === "function"
        ? (((...given: unknown[]) => storage.run(within, () => target(...given))) as typeof target)
        : target,
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
