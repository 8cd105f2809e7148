import { describeRegion } from "../describe-region.ts";
import { printAnswer } from "../print-answer.ts";
import { regionStatus } from "../region-client.ts";

/** `reliq local status`: what runs in the region. */
export async function localStatus(options: { readonly endpoint: string; readonly json?: boolean }): Promise<void> {
  printAnswer(options, await regionStatus(options.endpoint), describeRegion);
}
