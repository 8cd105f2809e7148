const WIDTH = 30;

/** A bar on stderr: in a terminal one line that is written over, elsewhere a new line for every tenth of the way. */
export function progressBar(
  total: number,
  units: { readonly done: string; readonly operations: string } = { done: "kills", operations: "operations" },
): (done: number, operations: number) => void {
  let before = { atMs: performance.now(), operations: 0 };
  let shown = 0;
  return (done, operations) => {
    const terminal = process.stderr.isTTY;
    const tenths = Math.floor((done / total) * 10);
    if (!terminal && tenths === shown) return;
    shown = tenths;
    const now = { atMs: performance.now(), operations };
    const perSecond = ((now.operations - before.operations) / (now.atMs - before.atMs)) * 1000;
    before = now;
    const bar = "█".repeat(Math.round((done / total) * WIDTH)).padEnd(WIDTH, "░");
    const line = `${bar} ${done}/${total} ${units.done}  ${perSecond.toFixed(0)} ${units.operations}/s`;
    process.stderr.write(terminal ? `\r\u001b[K${line}${done === total ? "\n" : ""}` : `${line}\n`);
  };
}
