/** A text of a message as a terminal may get it: no control characters but line ends and tabs, no changes of direction. */
export function safeText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same, on one line, and no longer than so many characters. */
export function safeLine(text: string, most = 80): string {
  const line = safeText(text).replace(/[\n\t]+/g, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
