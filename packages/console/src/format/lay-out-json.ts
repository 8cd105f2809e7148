const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Deeper levels are not indented any further: each line of a thousand levels would be as long as the text. */
const DEEPEST_INDENT = 32;

/**
 * Lays JSON out on lines, token by token: numbers and texts stay as they were written, which going by their values would not keep. Undefined for
 * what is no JSON.
 */
export function layOutJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const pieces: string[] = [];
  let depth = 0;
  let last = "";
  const newLine = (): void => void pieces.push("\n", "  ".repeat(Math.min(depth, DEEPEST_INDENT)));
  for (const [token] of text.matchAll(TOKENS)) {
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    const isEmpty = closes && (last === "{" || last === "[");
    if ((closes && !isEmpty) || last === "," || (!closes && (last === "{" || last === "["))) newLine();
    pieces.push(token === ":" ? ": " : token);
    if (token === "{" || token === "[") depth += 1;
    last = token;
  }
  return pieces.join("");
}
