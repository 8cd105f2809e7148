/** The version of the rule below. A failure group keeps the version it was made with, so a better rule does not reopen old groups. */
const VERSION = 1;

/** The frames nearest to the throw that take part. */
const TOP_FRAMES = 3;

/** The function that calls a handler: frames from it on are Reliq's own, the same for every failure. */
const HANDLER_CALLER = "callHandler";

/** Names the problem behind a failure: by error name, message without its variable parts, and the top frames of the application. */
export function fingerprint(errorName: string, message: string, stack: string): string {
  return `${VERSION}:${hash([errorName, normaliseMessage(message), ...applicationFrames(stack)].join("\n"))}`;
}

/** Takes out what differs between two failures of one problem: ids, numbers, quoted values. */
export function normaliseMessage(message: string): string {
  return message
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "<id>")
    .replace(/"[^"]*"(?!\s*:)|'[^']*'/g, "<text>")
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, "<id>")
    .replace(/\d+([.,:]\d+)*/g, "<number>");
}

/** Function names only: line numbers and paths change with every build. */
function applicationFrames(stack: string): string[] {
  const frames = stack.split("\n").flatMap((line) => {
    const frame = /^\s+at (?:async )?(?:(\S+) \()?(.+?)\)?$/.exec(line);
    return frame ? [{ name: frame[1] ?? "<anonymous>", place: frame[2] ?? "" }] : [];
  });
  const reliq = frames.findIndex((frame) => frame.name.endsWith(HANDLER_CALLER));
  return (reliq < 0 ? frames : frames.slice(0, reliq))
    .filter((frame) => !/^node:|[\\/]node_modules[\\/]/.test(frame.place))
    .slice(0, TOP_FRAMES)
    .map((frame) => frame.name);
}

/** FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), hexadecimal. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const character of text) {
    value = BigInt.asUintN(64, (value ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}
