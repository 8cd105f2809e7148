import { printAnswer } from "../print-answer.ts";
import { jumpRegion } from "../region-client.ts";

interface JumpOptions {
  readonly endpoint: string;
  /** Seconds. */
  readonly wait: number;
  readonly json?: boolean;
}

/** `reliq local jump <duration>`: sets the region's time ahead, once nothing runs in it. */
export async function localJump(seconds: number, options: JumpOptions): Promise<void> {
  const jump = await jumpRegion(options.endpoint, { seconds, waitSeconds: options.wait });
  printAnswer(
    options,
    jump,
    ({ now, aheadSeconds }) => `The region's time is ${now}, ${aheadSeconds} s ahead of this machine's.`,
  );
}
