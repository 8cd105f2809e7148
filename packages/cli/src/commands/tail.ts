import { styleText } from "node:util";
import { askedRegion, type RegionOptions } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { followLogs } from "../tail/follow-logs.ts";
import { describeTailEvent, isTrouble, type TailEvent } from "../tail/tail-event.ts";

interface TailOptions extends RegionOptions {
  readonly queue?: string;
  readonly function?: readonly string[];
  readonly event?: readonly string[];
  readonly trouble?: boolean;
  /** Seconds back from now. */
  readonly since: number;
  /** Seconds; without it until Ctrl-C. */
  readonly for?: number;
  readonly json?: boolean;
}

/** `reliq tail`: what consumers do and what they log, as it happens; with `--json` one object a line. */
export async function tail(options: TailOptions): Promise<void> {
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  if (options.for !== undefined) setTimeout(() => ending.abort(), options.for * 1_000).unref();
  if (!options.json) console.error(styleText("dim", "What happens from now on; Ctrl-C ends."));
  const sinceMs = Date.now() - options.since * 1_000;
  const { settings } = await askedRegion(options);
  const followed = { settings, functions: options.function, sinceMs, signal: ending.signal };
  try {
    for await (const event of followLogs(followed)) {
      if (isWanted(event, options)) console.log(options.json ? JSON.stringify(event) : describeTailEvent(event));
    }
  } catch (error) {
    if (ending.signal.aborted) return;
    const what =
      (error as { readonly code?: string }).code === "ECONNREFUSED"
        ? "nothing answers there"
        : (error as Error).message;
    throw new CommandError(
      `The logs cannot be read: ${what}. Start a region with \`reliq local start\`, or name one with --endpoint or --profile.`,
      { cause: error },
    );
  }
}

function isWanted(event: TailEvent, { queue, event: codes, trouble = false }: TailOptions): boolean {
  if (queue !== undefined && event.queue !== queue) return false;
  if (codes !== undefined && (event.kind === "batch" || !codes.includes(event.event))) return false;
  return !trouble || isTrouble(event);
}
