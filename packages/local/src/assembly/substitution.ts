/** One part of a text with variables: a text as it stands, or a variable to replace. */
export type TextPart = { readonly text: string } | { readonly variable: string };

/** Splits the text of an Fn::Sub at its variables: `${Name}`, `${Resource.Attribute}`; `${!Name}` stands for the text `${Name}`. */
export function splitText(template: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of template.matchAll(/\$\{(!?)([^${}]*)\}/g)) {
    const [whole, literal, name = ""] = match;
    parts.push({ text: template.slice(from, match.index) });
    parts.push(literal ? { text: `\${${name}}` } : { variable: name.trim() });
    from = match.index + whole.length;
  }
  parts.push({ text: template.slice(from) });
  return parts;
}
