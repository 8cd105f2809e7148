import { InvalidArgumentError } from "commander";

/** Reads `name=value` and adds it to those before it. @throws InvalidArgumentError */
export function parsePair(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([\w:@/.-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It takes name=value.");
  return { ...before, [name]: value };
}
