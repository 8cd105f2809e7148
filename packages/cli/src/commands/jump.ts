import { jumpRegion } from "../region-client.ts";

interface JumpOptions {
  readonly endpoint: string;
  /** Seconds. */
  readonly wait: number;
}

/** `reliq local jump <duration>`: sets the region's time ahead, once nothing runs in it. */
export async function localJump(seconds: number, { endpoint, wait }: JumpOptions): Promise<void> {
  const { now, aheadSeconds } = await jumpRegion(endpoint, { seconds, waitSeconds: wait });
  console.log(`The region's time is ${now}, ${aheadSeconds} s ahead of this machine's.`);
}
