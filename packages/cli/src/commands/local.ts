import { type Region, resetState, startRegion } from "@reliq/local";
import { confirm } from "../ask.ts";
import { CommandError } from "../command-error.ts";
import { type ConsoleFlags, startConsole } from "../console/start-console.ts";
import { describeRegion } from "../describe-region.ts";
import { regionStatus } from "../region-client.ts";
import { untilStopped } from "../until-stopped.ts";

interface StartOptions extends ConsoleFlags {
  readonly assembly?: string;
  readonly jumps?: boolean;
  readonly peer: Readonly<Record<string, string>>;
  readonly region: string;
  readonly state: string;
}

/** `reliq local start`: runs a region in this terminal until Ctrl-C. */
export async function localStart(options: StartOptions): Promise<void> {
  const { assembly, jumps = false, peer: peers, port, region: name, state } = options;
  const began = performance.now();
  const region = await startRegion({
    stateDirectory: state,
    port,
    jumps,
    region: name,
    peers,
    ...(assembly !== undefined && { assembly }),
  });
  console.log(describeRegion(await regionStatus(region.endpoint)));
  console.log(
    `Ready in ${((performance.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops it; its state stays in ${state}.`,
  );
  const served = await serveBeside(region, options);
  await untilStopped(region);
  await served?.close();
}

/** A region whose console cannot be had is not left running without one. */
async function serveBeside(region: Region, options: StartOptions): ReturnType<typeof startConsole> {
  try {
    return await startConsole(region.endpoint, options);
  } catch (error) {
    await region.stop();
    throw error;
  }
}

/** `reliq local reset`: clears the state of a region that is not running. */
export async function localReset({
  state,
  yes = false,
}: {
  readonly state: string;
  readonly yes?: boolean;
}): Promise<void> {
  await confirm(`Clear the region's messages, tables and buckets in ${state}?`, { yes });
  const removed = resetState(state);
  if (removed.length === 0) throw new CommandError(`There is no state in ${state}: nothing to clear.`);
  console.log(`Cleared ${state}: ${removed.join(", ")}.`);
}
