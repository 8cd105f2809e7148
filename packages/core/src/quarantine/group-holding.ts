import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Attempted, Work } from "../message/work.ts";
import type { ConsumePorts } from "../ports.ts";
import { type Admitted, type AdmittedGroups, admitAll } from "./admit-all.ts";
import { holdGroups } from "./hold-groups.ts";
import type { Quarantine } from "./quarantine.ts";

/** What a consumer does to hold groups. A port, so that the bundle of a consumer which holds none has nothing of it. */
export interface GroupHolding {
  /** Ends the messages of a batch that do not have their turn. */
  admit<T>(
    consumer: Consumer<T>,
    delivery: Delivery,
    parsed: readonly Work<T>[],
    ports: ConsumePorts,
  ): Promise<Admitted<T>>;
  /** Holds the groups of which a message has failed for good, with what `admit` gave. */
  hold<T>(
    consumer: Consumer<T>,
    delivery: Delivery,
    settled: readonly Attempted[],
    admitted: AdmittedGroups,
    ports: ConsumePorts,
  ): Promise<readonly Attempted[]>;
}

/** Makes the consumer's port `quarantine` of where groups that are held are kept. */
export function groupHolding(quarantine: Pick<Quarantine, "commit" | "marks">): GroupHolding {
  return {
    admit: (consumer, delivery, parsed, ports) => admitAll(consumer, delivery, parsed, { ...ports, quarantine }),
    hold: (consumer, delivery, settled, admitted, ports) =>
      holdGroups(consumer, delivery, settled, admitted, { ...ports, quarantine }),
  };
}
