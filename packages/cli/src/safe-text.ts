/** What a terminal may obey, or a reader cannot see: control characters, changes of direction, separators of lines. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of a message as a terminal may get it: no control characters but line ends and tabs, no changes of direction. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );
}

/** The same, on one line, and no longer than so many characters. */
export function safeLine(text: string, most = 80): string {
  const line = safeText(text).replace(/[\n\t]+/g, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A value as JSON that a terminal may get too: what is unsafe is written as JSON's own escapes, so it is read as it was. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(UNSAFE, (character) =>
    character === "\n" ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}
