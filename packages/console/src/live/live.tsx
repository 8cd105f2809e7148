import {
  createContext,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { connection } from "../api/connection.ts";
import type { LiveFacts } from "../contract/region.ts";

/** What is known of the region at this moment. */
export interface Live {
  readonly facts?: LiveFacts;
  /** The latest facts of the last minutes, oldest first: rates are read from them. */
  readonly past: readonly HeardFacts[];
  /** Whether the region is heard of. */
  readonly connected: boolean;
}

/** Facts, and when they were heard, milliseconds by the machine's clock. */
export interface HeardFacts extends LiveFacts {
  readonly heardAtMs: number;
}

/** How many facts are remembered: at one a second, as long as rates are read over, and a little more. */
const REMEMBERED = 30;

interface LiveSource {
  readonly current: () => Live;
  readonly subscribe: (heard: () => void) => () => void;
}

const NOTHING: Live = { past: [], connected: true };

const Context = createContext<LiveSource>({ current: () => NOTHING, subscribe: () => () => undefined });

/** Listens to the region for all pages. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [{ source, hear }] = useState(createSource);
  useEffect(() => {
    const heard = (said: LiveFacts): void => {
      const facts: HeardFacts = { ...said, heardAtMs: Date.now() };
      hear(({ past }) => ({ facts, past: [...past.slice(1 - REMEMBERED), facts], connected: true }));
    };
    return connection().follow(heard, () => hear((before) => ({ ...before, connected: false })));
  }, [hear]);
  return <Context.Provider value={source}>{children}</Context.Provider>;
}

function createSource(): { source: LiveSource; hear: (change: (before: Live) => Live) => void } {
  const listeners = new Set<() => void>();
  let live = NOTHING;
  return {
    source: {
      current: () => live,
      subscribe: (heard) => {
        listeners.add(heard);
        return () => listeners.delete(heard);
      },
    },
    hear: (change) => {
      live = change(live);
      for (const heard of listeners) heard();
    },
  };
}

/** The part of what is known that a page shows; it is shown anew only when that part is another. */
export function useLive<Part>(part: (live: Live) => Part): Part {
  const { current, subscribe } = useContext(Context);
  const last = useRef<{ readonly text: string | undefined; readonly value: Part }>(undefined);
  return useSyncExternalStore(subscribe, () => {
    const value = part(current());
    const text = JSON.stringify(value);
    if (!last.current || last.current.text !== text) last.current = { text, value };
    return last.current.value;
  });
}

/** Reads what was heard before, whenever it is asked; nothing is shown anew for it. */
export function useLivePast(): () => readonly HeardFacts[] {
  const { current } = useContext(Context);
  return () => current().past;
}

/** The least time between two revisions, milliseconds: a page is not read again more often. */
const CALM_MS = 2_000;

/** A text that is another whenever something has changed among a system's failures, at most every two seconds; what changes meanwhile shows nothing anew. */
export function useRevision(system: string): string {
  const { current, subscribe } = useContext(Context);
  const read = useCallback(
    () => JSON.stringify(current().facts?.totals.filter((each) => each.system === system) ?? []),
    [current, system],
  );
  const [shown, setShown] = useState(read);
  useEffect(() => {
    let last: string;
    let shownAtMs: number;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (): void => {
      timer = undefined;
      shownAtMs = Date.now();
      last = read();
      setShown(last);
    };
    show();
    const leave = subscribe(() => {
      if (timer === undefined && read() !== last) timer = setTimeout(show, shownAtMs + CALM_MS - Date.now());
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [read, subscribe]);
  return shown;
}
