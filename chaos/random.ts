/** Random numbers from a seed: the same seed gives the same numbers. */
export interface Random {
  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** True in this share of the calls, 0 to 1. */
  chance(share: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** The generator mulberry32 (public domain, Tommy Ettinger): one 32-bit state. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    integer,
    chance: (share) => next() < share,
    pick: (values) => values[integer(0, values.length - 1)] ?? values[0],
  };
}
