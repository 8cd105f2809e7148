/** The quote that begins at `index`, with the backslashes that escape it: `\\"` begins a text of JSON in JSON. */
export function quoteAt(text: string, index: number): string | undefined {
  const quote = /\\*["'`]/y;
  quote.lastIndex = index;
  return quote.exec(text)?.[0];
}

/** Where the value ends that begins at `start`: a quoted text, an object, a list, or a bare word. The end of the text where it is cut off. */
export function endOfValue(text: string, start: number): number {
  const quote = quoteAt(text, start);
  if (quote !== undefined) return endOfQuoted(text, start + quote.length, quote);
  const end = text[start] === "{" || text[start] === "[" ? endOfBrackets(text, start) : endOfBareWord(text, start);
  const bracket = bracketAfter(text, end);
  return bracket === undefined ? end : endOfBrackets(text, bracket);
}

/** An inspected object can have its class before it: `Map(1) {`, `[Object: null prototype] {`. */
function bracketAfter(text: string, end: number): number | undefined {
  const gap = /\)? (?=[{[])/y;
  gap.lastIndex = end;
  return gap.test(text) ? gap.lastIndex : undefined;
}

/**
 * A quote closes what one with as many backslashes opened; more of them escape a quote within, or are backslashes at the
 * text's own end, which come in pairs at each level of escaping. Fewer of them close a text around this one.
 */
function endOfQuoted(text: string, start: number, quote: string): number {
  const mark = quote.slice(-1);
  const escapes = quote.length - 1;
  for (let index = text.indexOf(mark, start); index >= 0; index = text.indexOf(mark, index + 1)) {
    const backslashes = backslashesBefore(text, index, start);
    if (backslashes < escapes) return index - backslashes;
    if ((backslashes - escapes) % (2 * (escapes + 1)) === 0) return index + 1;
  }
  return text.length;
}

function endOfBrackets(text: string, start: number): number {
  const marks = /["'`{}[\]]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const isQuote = /["'`]/.test(mark[0]);
    if (isQuote) {
      const quote = "\\".repeat(backslashesBefore(text, mark.index, start)) + mark[0];
      marks.lastIndex = endOfQuoted(text, mark.index + 1, quote);
    } else {
      depth += mark[0] === "{" || mark[0] === "[" ? 1 : -1;
      if (depth === 0) return mark.index + 1;
    }
  }
  return text.length;
}

function endOfBareWord(text: string, start: number): number {
  const end = /[\s,;&)\]}]/g;
  end.lastIndex = start;
  return end.exec(text)?.index ?? text.length;
}

function backslashesBefore(text: string, index: number, start: number): number {
  let first = index;
  while (first > start && text[first - 1] === "\\") first--;
  return index - first;
}
