/** So much is written at once at most, characters: what runs on without ever waiting must not gather its lines for ever. */
const MOST_CHARACTERS = 16_384;

let lines = "";
let flushesAtExit = false;

/**
 * Writes a line to stdout. Those written until the process next waits for anything go out in one write, which costs a fraction of a write
 * each; `process.exit` and an uncaught error lose none. `console.log` would put Lambda's prefix before it, and a line is JSON only without.
 */
export function writeLine(line: string): void {
  if (!flushesAtExit) {
    process.on("exit", flush);
    flushesAtExit = true;
  }
  if (lines === "") process.nextTick(flush);
  lines += `${line}\n`;
  if (lines.length > MOST_CHARACTERS) flush();
}

function flush(): void {
  if (lines === "") return;
  process.stdout.write(lines);
  lines = "";
}
