import { formatTable } from "../print-table.ts";
import { listQueues } from "../queues.ts";

/** `reliq queues`: what each queue holds now. */
export async function queues(options: { readonly endpoint: string; readonly json?: boolean }): Promise<void> {
  const listed = await listQueues(options.endpoint);
  if (options.json) return console.log(JSON.stringify(listed, undefined, 2));
  const rows = listed.map(({ name, counts, deadLetterTargetArn }) => [
    name,
    counts.waiting,
    counts.inFlight,
    counts.delayed,
    counts.accepted + counts.movedIn,
    counts.deleted,
    deadLetterTargetArn?.split(":").at(-1) ?? "",
  ]);
  const head = ["queue", "waiting", "in flight", "delayed", "came in", "deleted", "dead-letter queue"];
  console.log(formatTable(head, rows, "This region has no queues."));
}
