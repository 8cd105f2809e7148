interface Waiting<In, Out> {
  readonly asked: In;
  readonly resolve: (answer: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes a function that gathers what it is asked for in the same turn of the event loop, at no wait for others, and has `work` do up to `most` of it at once.
 * Each caller gets the answer at its place; where `work` throws, all of that work's callers get the error.
 */
export function together<In, Out>(
  most: number,
  work: (asked: readonly In[]) => Promise<readonly Out[]>,
): (asked: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (let first = 0; first < all.length; first += most) void settle(all.slice(first, first + most), work);
  };
  return (asked) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ asked, resolve, reject }) === 1) setImmediate(flush);
    });
}

async function settle<In, Out>(
  some: readonly Waiting<In, Out>[],
  work: (asked: readonly In[]) => Promise<readonly Out[]>,
): Promise<void> {
  try {
    const answers = await work(some.map(({ asked }) => asked));
    for (const [place, { resolve }] of some.entries()) resolve(answers[place] as Out);
  } catch (error) {
    for (const { reject } of some) reject(error);
  }
}
