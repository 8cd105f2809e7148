import type { Role } from "@reliq/core/recovery";
import { CommandError } from "../command-error.ts";
import { CONSOLE_PORT, startConsole } from "../console/start-console.ts";
import { isLocalRegion } from "../region-client.ts";
import { untilAsked } from "../until-stopped.ts";

interface ConsoleOptions {
  readonly endpoint: string;
  readonly consolePort?: number;
  readonly consoleRole?: Role;
}

/** `reliq console`: serves the console of a region that runs, until Ctrl-C. @throws CommandError where none runs there */
export async function serveRunning({
  endpoint,
  consolePort = CONSOLE_PORT,
  consoleRole,
}: ConsoleOptions): Promise<void> {
  if (!(await isLocalRegion(endpoint)))
    throw new CommandError(`${endpoint} is no local region: the console is of one.`);
  const flags = { port: 0, consolePort, ...(consoleRole && { consoleRole }) };
  const served = await startConsole(endpoint, flags);
  if (!served) return;
  await untilAsked();
  await served.close();
}
