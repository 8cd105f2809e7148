/** What a number looks like that may be too large or too long, wherever it stands. */
const SUSPICIOUS = /\d{16}|[eE][+-]?\d{3}/;

/** What the types do not know yet: the text that a value stands for in the source (ECMAScript, JSON.parse source text access). */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Parses JSON, and says of the last number that JavaScript changes, `1e400` or an integer of too many digits, what is wrong with it. @throws SyntaxError */
export function parseNoting(text: string): { readonly value: unknown; readonly inexact?: string } {
  // A reviver takes many times as long.
  if (!SUSPICIOUS.test(text)) return { value: JSON.parse(text) };
  let inexact: string | undefined;
  const note: Reviver = (_, value, { source = "" }) => {
    if (typeof value === "number") inexact = whatIsWrong(value, source) ?? inexact;
    return value;
  };
  const value: unknown = JSON.parse(text, note as Parameters<typeof JSON.parse>[1]);
  return { value, ...(inexact !== undefined && { inexact }) };
}

function whatIsWrong(value: number, source: string): string | undefined {
  const shown = source.length > 40 ? `${source.slice(0, 40)}…` : source;
  if (!Number.isFinite(value)) return `has the number ${shown}, which is larger than a number can be`;
  const isChanged = /^-?\d+$/.test(source) && BigInt(source) !== BigInt(value);
  return isChanged ? `has the number ${shown}, which loses digits; write it as a text` : undefined;
}
