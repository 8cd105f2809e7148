import { sendToQueues } from "../edit/send-held.ts";
import type { ChangeEnd } from "../failure/change-messages.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/** Heals held messages because a person says so: each is on its way to its queue, counted as a heal, whatever its group's budget says; one that is given twice is sent once. */
export async function healByHand(
  ids: readonly string[],
  by: string,
  ports: RecoverPorts,
): Promise<readonly ChangeEnd[]> {
  const distinct = [...new Set(ids)];
  const found = await ports.store.failures(distinct);
  const held = found.flatMap((failure) => (failure?.state === "held" ? [failure] : []));
  const ends = await sendToQueues(held, { via: "heal", by }, ports);
  return distinct.map((id, index) => ends.get(id) ?? { id, kind: "refused", because: whyNot(found[index]?.state) });
}

function whyNot(state: string | undefined): string {
  if (state === undefined) return "there is no such failed message";
  return `it is ${state}; held messages can be healed by hand`;
}
