import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Role } from "@reliq/core/recovery";
import { DEFAULT_PORT } from "../region-client.ts";
import { type RunningConsole, serveConsole } from "./serve-console.ts";

/** What a command says of the console. */
export interface ConsoleFlags {
  /** The region's port. */
  readonly port: number;
  /** @default 4400 where the region is at its own default port, so that one region has it; elsewhere none */
  readonly consolePort?: number;
  /** @default "approver" */
  readonly consoleRole?: Role;
  /** `--no-console` */
  readonly console?: boolean;
}

/** Where the console is unless it is said otherwise. */
export const CONSOLE_PORT = 4400;

/** Serves the console beside a region, and says where; nothing where it is not wanted. @throws CommandError where its port is taken */
export async function startConsole(endpoint: string, flags: ConsoleFlags): Promise<RunningConsole | undefined> {
  const port = flags.consolePort ?? (flags.port === DEFAULT_PORT ? CONSOLE_PORT : undefined);
  if (flags.console === false || port === undefined) return undefined;
  const files = builtFiles();
  if (!existsSync(join(files, "index.html"))) {
    console.log("The console is not built: npm run build:console, and start again.");
    return undefined;
  }
  const running = await serveConsole({ endpoint, port, files, role: flags.consoleRole ?? "approver" });
  console.log(`Console: ${running.url}`);
  return running;
}

function builtFiles(): string {
  return join(dirname(fileURLToPath(import.meta.resolve("@reliq/console/package.json"))), "dist/app");
}
