import type { Members, World } from "../../kernel/service.ts";
import { readSegment, type Segment } from "./segment.ts";
import { putSegment } from "./segment-store.ts";

/** How long segments wait for others, ms: one write takes them all. */
const LINGER_MS = 100;

/** The most segments of one transaction, so that no request waits long for it. */
const MOST_AT_ONCE = 1_000;

/** Brings segments to the store: those of the region's services, those that functions send, and those of requests. */
export interface Collector {
  /** Takes a document. @returns why it is refused, where it is */
  take(document: string): { readonly refused: string; readonly id?: string } | undefined;
  /** Resolves when all that was taken is stored. */
  flush(): Promise<void>;
}

export function createCollector(world: World): Collector {
  const { store, clock, traces } = world;
  let waiting: Segment[] = [];
  let storing: Promise<void> = Promise.resolve();
  let armed = false;
  const arm = (): void => {
    if (armed) return;
    armed = true;
    clock.at(clock.now() + LINGER_MS, () => void flush());
  };
  const put = async (): Promise<void> => {
    armed = false;
    const own = traces.take().flatMap((document: Members) => readSound(JSON.stringify(document)));
    const segments = [...waiting, ...own];
    waiting = [];
    for (let at = 0; at < segments.length; at += MOST_AT_ONCE) {
      const some = segments.slice(at, at + MOST_AT_ONCE);
      const now = clock.now();
      const putAll = (): void => {
        for (const segment of some) putSegment(store, segment, now);
      };
      // A store that cannot be written has reported it: a trace is no reason to fail anything.
      await store.transaction(putAll).catch(() => {});
    }
  };
  const flush = (): Promise<void> => {
    storing = storing.then(put);
    return storing;
  };
  traces.onFirst(arm);
  return {
    take: (document) => {
      const segment = readSegment(document);
      if ("refused" in segment) return segment;
      waiting.push(segment);
      arm();
      return undefined;
    },
    flush,
  };
}

function readSound(document: string): readonly Segment[] {
  const segment = readSegment(document);
  return "refused" in segment ? [] : [segment];
}
