/**
 * Sets this process's `Date` ahead of the machine's time: `Date.now()`, `new Date()` and `Date()`; the returned function sets by how much,
 * milliseconds. Durations (timers, `performance.now()`, `process.hrtime()`) stay the machine's own.
 */
export function shiftDate(startAheadMs: number): (aheadMs: number) => void {
  const Machine = Date;
  const machineNow = Date.now;
  let ahead = startAheadMs;
  const now = (): number => machineNow() + ahead;
  const shifted = new Proxy(Machine, {
    apply: () => new Machine(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  });
  // On the machine's own too: whoever kept that, such as a date's constructor, sees the same time.
  Machine.now = now;
  Machine.prototype.constructor = shifted;
  globalThis.Date = shifted;
  return (aheadMs) => {
    ahead = aheadMs;
  };
}
