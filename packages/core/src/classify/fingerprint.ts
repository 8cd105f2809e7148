/** The version of the rule below. A failure group keeps the version it was made with, so a better rule does not reopen old groups. */
const VERSION = 1;

/** The frames nearest to the throw that take part. */
const TOP_FRAMES = 3;

/** The functions of Reliq that call an application's: frames from the outermost of them on are the same for every failure. */
const CALLERS: ReadonlySet<string> = new Set(["callHandler", "parseBody", "parseMessage"]);

/** How much of a message is read, and how much of it takes part once it is normalised, characters. */
const LONGEST_READ = 100_000;
const LONGEST_MESSAGE = 1_000;

/** A longer line is no stack frame. */
const LONGEST_FRAME = 1_000;

/** Names the problem behind a failure: by error name, message without its variable parts, and the top frames of the application. */
export function fingerprint(errorName: string, message: string, stack: string): string {
  const problem = normaliseMessage(message).slice(0, LONGEST_MESSAGE);
  return `${VERSION}:${hash([errorName, problem, ...applicationFrames(stack)].join("\n"))}`;
}

/** Takes out what differs between two failures of one problem: ids, numbers, quoted values. A word of eight letters with a digit is an id. */
export function normaliseMessage(message: string): string {
  return message
    .slice(0, LONGEST_READ)
    .replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)(\s*:)?/gs, (text, colon) => (colon === undefined ? "<text>" : text))
    .replace(/(?<!\w)'[^']*'(?!\w)/g, "<text>")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "<value>")
    .replace(/(?<![\w-])-?\d+(?:[.,:]\d+)*(?:e[-+]?\d+)?(?!\w)/gi, "<value>")
    .replace(/\b0x[0-9a-f]+\b|\b(?=[a-z_]*\d)\w{8,}\b/gi, "<value>")
    .replace(/\d+(?:[.,:]\d+)*/g, "<value>");
}

/** Function names only: line numbers and paths change with every build. */
function applicationFrames(stack: string): string[] {
  const frames = stack.split("\n").flatMap(readFrame);
  const reliq = frames.findLastIndex(({ name }) => CALLERS.has(name.slice(name.lastIndexOf(".") + 1)));
  return (reliq < 0 ? frames : frames.slice(0, reliq))
    .filter(({ place }) => !/^node:|[\\/]node_modules[\\/]|^(?:<anonymous>|native|index \d+)$/.test(place))
    .slice(0, TOP_FRAMES)
    .map(({ name }) => name);
}

/** A frame as V8 writes it (https://v8.dev/docs/stack-trace-api): `at name (place)`, or `at place` outside any function. */
function readFrame(line: string): { name: string; place: string }[] {
  const frame = line.length > LONGEST_FRAME ? null : /^\s+at (?:async )?(.+)$/.exec(line);
  const text = frame?.[1];
  if (text === undefined) return [];
  const open = text.endsWith(")") ? text.indexOf(" (") : -1;
  if (open < 0) return [{ name: "<anonymous>", place: text }];
  return [{ name: text.slice(0, open), place: text.slice(open + 2, -1) }];
}

/** FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/) over code points, hexadecimal. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const character of text) {
    value = BigInt.asUintN(64, (value ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}
