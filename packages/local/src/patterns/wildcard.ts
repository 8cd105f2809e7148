/**
 * The texts between the stars of a wildcard, or undefined where it is not valid: two stars do not follow each other, and a backslash
 * stands before a star or a backslash only (EventBridge user guide, "Wildcard filtering").
 */
export function readWildcard(wildcard: string): readonly string[] | undefined {
  if (/^(?:[^\\*]|\\[\\*]|\*(?!\*))*$/s.test(wildcard)) {
    const parts = wildcard.match(/\\[\\*]|[^\\*]|\*/gsu) ?? [];
    const texts = [""];
    for (const part of parts) {
      if (part === "*") texts.push("");
      else texts.push((texts.pop() ?? "") + part.replace(/^\\/, ""));
    }
    return texts;
  }
  return undefined;
}

/** Whether a text fits a valid wildcard: each star is any number of characters. Takes time in proportion to the text's length. */
export function fitsWildcard(wildcard: string, text: string): boolean {
  const texts = readWildcard(wildcard) ?? [];
  const [first = "", ...others] = texts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const each of others) {
    const at = text.indexOf(each, from);
    if (at < 0) return false;
    from = at + each.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
