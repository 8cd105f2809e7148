import { useCallback, useEffect, useRef, useState } from "react";

/** What was asked for, as far as it is here. */
export interface Answered<T> {
  /** The latest answer; it stays while it is asked for again. */
  readonly value?: T;
  readonly error?: Error;
  readonly loading: boolean;
  readonly reload: () => void;
}

interface Held<T> {
  readonly key: string;
  readonly value?: T;
  readonly error?: Error;
}

/**
 * Asks when a page is shown, whenever `key` is another, and again whenever `revision` is another: then what is there stays until the new
 * answer has come. What nobody waits for any more is broken off.
 */
export function useAnswer<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  revision: number | string = 0,
): Answered<T> {
  const [held, setHeld] = useState<Held<T>>();
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const [settled, setSettled] = useState("");
  const asked = `${key}\n${revision}\n${round}`;
  useEffect(() => {
    const leaving = new AbortController();
    const settle = (answer: Omit<Held<T>, "key">): void => {
      if (leaving.signal.aborted) return;
      setHeld({ key, ...answer });
      setSettled(asked);
    };
    latest
      .current(leaving.signal)
      .then((value) => settle({ value }))
      .catch((error: Error) => settle({ error }));
    return () => leaving.abort();
  }, [asked, key]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const current = held?.key === key ? held : undefined;
  return {
    loading: settled !== asked,
    reload,
    ...(current?.value !== undefined && { value: current.value }),
    ...(current?.error && { error: current.error }),
  };
}
