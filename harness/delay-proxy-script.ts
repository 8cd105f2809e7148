import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy to a port of 127.0.0.1 that holds bytes back on each way, in the process that this file starts: its arguments are its own port, the port behind it, and milliseconds a way. */
const [port, target, delayMs] = process.argv.slice(2).map(Number);

createServer({ noDelay: true }, (near) => {
  const far = connect({ port: target ?? 0, host: "127.0.0.1", noDelay: true });
  delay(near, far);
  delay(far, near);
}).listen(port, "127.0.0.1");

/** Timers of one length fire in the order they were set, so the bytes keep theirs. */
function delay(from: Socket, to: Socket): void {
  from.on("data", (bytes) => setTimeout(() => to.write(bytes), delayMs));
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.on("error", () => to.destroy());
}
