import { createContext, type ReactElement, type ReactNode, useContext, useEffect, useRef, useState } from "react";
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

/** How many facts are remembered: at one a second, five minutes. */
const REMEMBERED = 300;

const Context = createContext<Live>({ past: [], connected: true });

/** Listens to the region for all pages. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [live, setLive] = useState<Live>({ past: [], connected: true });
  useEffect(() => {
    const source = new EventSource("/api/live");
    source.onmessage = ({ data }) => {
      const facts: HeardFacts = { ...JSON.parse(data), heardAtMs: Date.now() };
      setLive(({ past }) => ({ facts, past: [...past.slice(1 - REMEMBERED), facts], connected: true }));
    };
    const silent = (): void => setLive((before) => ({ ...before, connected: false }));
    source.onerror = silent;
    source.addEventListener("silent", silent);
    return () => source.close();
  }, []);
  return <Context.Provider value={live}>{children}</Context.Provider>;
}

/** What is known of the region at this moment. */
export function useLive(): Live {
  return useContext(Context);
}

/** The least time between two revisions, milliseconds: a page is not read again more often. */
const CALM_MS = 2_000;

/** A number that is another whenever something has changed among a system's failures, at most every two seconds. */
export function useRevision(system: string): string {
  const { facts } = useLive();
  const now = JSON.stringify(facts?.totals.filter((each) => each.system === system) ?? []);
  const [shown, setShown] = useState(now);
  const shownAtMs = useRef(0);
  useEffect(() => {
    if (now === shown) return undefined;
    const timer = setTimeout(
      () => {
        shownAtMs.current = Date.now();
        setShown(now);
      },
      Math.max(0, shownAtMs.current + CALM_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [now, shown]);
  return shown;
}
