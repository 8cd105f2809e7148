/**
 * Makes every character of a text visible: what a terminal or a browser would act on, or not show at all (controls, marks that turn the reading
 * direction, spaces without width), stands there as its code, such as `⟨U+202E⟩`. Line ends and tabs stay.
 */
export function inertText(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

const UNSEEN = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]--[\n\r\t]]/gv;
