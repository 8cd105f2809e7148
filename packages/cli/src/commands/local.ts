import { resetState, startRegion } from "@reliq/local";
import { CommandError } from "../command-error.ts";
import { describeRegion } from "../describe-region.ts";
import { regionStatus } from "../region-client.ts";
import { untilStopped } from "../until-stopped.ts";

interface StartOptions {
  readonly assembly?: string;
  readonly jumps?: boolean;
  readonly port: number;
  readonly state: string;
}

/** `reliq local start`: runs a region in this terminal until Ctrl-C. */
export async function localStart({ assembly, jumps = false, port, state }: StartOptions): Promise<void> {
  const began = performance.now();
  const region = await startRegion({
    stateDirectory: state,
    port,
    jumps,
    ...(assembly !== undefined && { assembly }),
  });
  console.log(describeRegion(await regionStatus(region.endpoint)));
  console.log(
    `Ready in ${((performance.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops it; its state stays in ${state}.`,
  );
  await untilStopped(region);
}

/** `reliq local reset`: clears the state of a region that is not running. */
export function localReset({ state }: { readonly state: string }): void {
  const removed = resetState(state);
  if (removed.length === 0) throw new CommandError(`There is no state in ${state}: nothing to clear.`);
  console.log(`Cleared ${state}: ${removed.join(", ")}.`);
}
