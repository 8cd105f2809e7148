import { useLive } from "./live.tsx";

/** The queues of a system on which something has failed, as its failure store names them. */
export function useFailureQueues(system: string): readonly string[] {
  return useLive(({ facts }) =>
    (facts?.totals ?? []).filter((each) => each.system === system).map(({ queue }) => queue),
  );
}
