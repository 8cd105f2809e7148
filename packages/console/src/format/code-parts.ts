/** A part of a code text, and what it is; a part that is nothing special has no kind. */
export interface CodePart {
  readonly text: string;
  readonly kind?: "name" | "number" | "string" | "word";
}

const PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** JSON in its parts, for colours: names, strings, numbers and words. Joined they are the text again. */
export function codeParts(json: string): readonly CodePart[] {
  const parts: CodePart[] = [];
  let end = 0;
  for (const match of json.matchAll(PARTS)) {
    const [whole, quoted, colon] = match;
    if (match.index > end) parts.push({ text: json.slice(end, match.index) });
    const kind =
      quoted === undefined ? (/[\d]/.test(whole) ? "number" : "word") : colon === undefined ? "string" : "name";
    parts.push({ text: quoted ?? whole, kind });
    if (colon !== undefined) parts.push({ text: colon });
    end = match.index + whole.length;
  }
  return end < json.length ? [...parts, { text: json.slice(end) }] : parts;
}
