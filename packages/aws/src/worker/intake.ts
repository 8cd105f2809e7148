/** Counts the messages that were received and whose handlers have not started: more than a few only wear out their visibility. */
export interface Intake {
  /** Resolves when there is room for another batch, or the signal is aborted. */
  room(signal: AbortSignal): Promise<void>;
  received(messages: number): void;
  started(messages: number): void;
}

/** Makes a count that has room while fewer than `most` messages wait. */
export function createIntake(most: number): Intake {
  let unstarted = 0;
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  return {
    room: async (signal) => {
      while (unstarted >= most && !signal.aborted) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
    },
    received: (messages) => {
      unstarted += messages;
    },
    started: (messages) => {
      unstarted -= messages;
      if (unstarted < most) wake();
    },
  };
}
