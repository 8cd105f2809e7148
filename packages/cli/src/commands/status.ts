import { describeRegion } from "../describe-region.ts";
import { regionStatus } from "../region-client.ts";

/** `reliq local status`: what runs in the region. */
export async function localStatus(options: { readonly endpoint: string; readonly json?: boolean }): Promise<void> {
  const status = await regionStatus(options.endpoint);
  console.log(options.json ? JSON.stringify(status, undefined, 2) : describeRegion(status));
}
