import { useState } from "react";

/** Pages that are turned by cursors: how many there are is known only as far as they have been turned. */
export interface CursorPages {
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** Where the page begins; undefined for the first. */
  readonly after: string | undefined;
  /** Turns to a page; `next` is the cursor that the last answer gave. */
  readonly turnTo: (page: number, next: string | undefined) => void;
}

/** Pages of what `key` names: another key begins at the first. */
export function useCursorPages(key: string): CursorPages {
  const [turned, setTurned] = useState<{ key: string; page: number; cursors: readonly (string | undefined)[] }>();
  const { page, cursors } = turned?.key === key ? turned : { page: 1, cursors: [undefined] };
  return {
    page,
    pages: cursors.length,
    after: cursors[page - 1],
    turnTo: (wanted, next) => {
      const known = wanted > cursors.length && next !== undefined ? [...cursors, next] : cursors;
      setTurned({ key, page: Math.min(wanted, known.length), cursors: known });
    },
  };
}
