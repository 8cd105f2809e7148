import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type ServerProcess, startRegionWith } from "./server-process.ts";

/** One of two local regions, a process of its own, that knows the other as its peer. */
export interface PairedRegion {
  readonly name: string;
  readonly endpoint: string;
  /** What any AWS SDK client takes. */
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** The process that runs now. */
  readonly pid: () => number;
  /** Kills it, and all that it has in memory. */
  readonly kill: () => Promise<void>;
  /** Starts it again on its state and port. */
  readonly start: () => Promise<void>;
}

/** Two regions, and where they keep what they keep. */
export interface TwoRegions {
  readonly first: PairedRegion;
  readonly second: PairedRegion;
  /** A folder that goes when they end. */
  readonly folder: string;
  readonly end: () => Promise<void>;
}

/** Starts us-east-1 and eu-west-1 on empty states, each with the other as its peer. */
export async function startTwoRegions(flags: readonly string[] = []): Promise<TwoRegions> {
  const folder = mkdtempSync(join(tmpdir(), "reliq-regions-"));
  const ports = { "us-east-1": await freePort(), "eu-west-1": await freePort() };
  const first = pairedRegion("us-east-1", "eu-west-1", ports, { folder, flags });
  const second = pairedRegion("eu-west-1", "us-east-1", ports, { folder, flags });
  await Promise.all([first.start(), second.start()]);
  const end = async (): Promise<void> => {
    await Promise.all([first.stop(), second.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { first, second, folder, end };
}

type Ports = Readonly<Record<"eu-west-1" | "us-east-1", number>>;

function pairedRegion(
  name: keyof Ports,
  peer: keyof Ports,
  ports: Ports,
  { folder, flags }: { readonly folder: string; readonly flags: readonly string[] },
): PairedRegion & { readonly stop: () => Promise<void> } {
  const peerUrl = `http://127.0.0.1:${ports[peer]}`;
  const startServer = startRegionWith(["--region", name, "--peer", `${peer}=${peerUrl}`, "--no-console", ...flags]);
  const endpoint = `http://127.0.0.1:${ports[name]}`;
  let server: ServerProcess | undefined;
  const endWith = async (signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
    await server?.end(signal);
    server = undefined;
  };
  return {
    name,
    endpoint,
    settings: {
      endpoint,
      region: name,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    },
    pid: () => server?.pid ?? 0,
    kill: () => endWith("SIGKILL"),
    stop: () => endWith("SIGTERM"),
    start: async () => {
      server ??= startServer(ports[name], join(folder, name));
      await server.untilAnswering();
    },
  };
}
