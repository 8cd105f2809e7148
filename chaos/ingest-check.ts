import type { Violation } from "./history.ts";

/** What a client was told, and what is there at the end. */
export interface IngestHistory {
  /** Each event that a request had, by its order's id, with the ids of the messages that it was acknowledged with; none where it never was. */
  readonly posted: ReadonlyMap<string, { readonly amount: number; readonly messageIds: ReadonlySet<string> }>;
  /** The effects, one entry for each order that is there. */
  readonly effects: readonly { readonly orderId: string; readonly amount: number }[];
  /** The contents with which the service behind was asked, by the key under which it takes an order once. */
  readonly fulfilled: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What was acknowledged has its effect, the service behind was told of it, and there is no second one: no second answer, effect or content. */
export function checkIngest({ posted, effects, fulfilled }: IngestHistory): readonly Violation[] {
  const byOrder = Map.groupBy(effects, ({ orderId }) => orderId);
  const lost = [...posted].flatMap(([orderId, { amount, messageIds }]): readonly Violation[] => {
    if (messageIds.size === 0) return [];
    const [effect] = byOrder.get(orderId) ?? [];
    if (!effect) return [{ kind: "lost", evidence: `${orderId} was acknowledged and has no effect` }];
    if (effect.amount !== amount) {
      return [{ kind: "lost", evidence: `${orderId} has the effect of ${effect.amount}; it was ${amount}` }];
    }
    return fulfilled.has(orderId)
      ? []
      : [{ kind: "lost", evidence: `${orderId} has its effect, and the service behind was never asked` }];
  });
  const answers = [...posted].flatMap(([orderId, { messageIds }]): readonly Violation[] =>
    messageIds.size > 1
      ? [{ kind: "doubled", evidence: `${orderId} was acknowledged as ${[...messageIds].join(" and ")}` }]
      : [],
  );
  const twice = [...byOrder].flatMap(([orderId, found]): readonly Violation[] => {
    if (!posted.has(orderId)) return [{ kind: "doubled", evidence: `${orderId} has an effect, and nobody posted it` }];
    return found.length > 1 ? [{ kind: "doubled", evidence: `${orderId} has ${found.length} effects` }] : [];
  });
  const contents = [...fulfilled].flatMap(([orderId, { size }]): readonly Violation[] =>
    size > 1 ? [{ kind: "doubled", evidence: `${orderId} came to the service behind as ${size} events` }] : [],
  );
  return [...lost, ...answers, ...twice, ...contents];
}
