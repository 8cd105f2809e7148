/** A body that is longer than what it says, so that a damaged one is seen: the text ends with `-` and the length of the rest. */
export function bodyOf(text: string): string {
  return `${text} ${"x".repeat(Number(text.slice(text.lastIndexOf("-") + 1)))}`;
}

/** What a body says, or a description of one that nobody made. */
export function textOf(body: string): string {
  const text = body.slice(0, body.indexOf(" "));
  return body === bodyOf(text) ? text : `a body of ${body.length} characters that begins with ${body.slice(0, 40)}`;
}
