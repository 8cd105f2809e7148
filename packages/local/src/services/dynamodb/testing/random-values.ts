import type { Random } from "./random.ts";

/** An attribute value on the wire. */
export type Wire = Record<string, unknown>;

const STRINGS = ["", "a", "b", "ab", "abc", "Z", "é", "😀", "\uffee", "a b", "toString"];
const NUMBERS = [
  "0",
  "-0",
  "1",
  "1.0",
  "-1",
  "2",
  "10",
  "0.5",
  "-0.5",
  "1e3",
  "100e-2",
  "12345678901234567890123456789012345678",
  "-99999999999999999999999999999999999999",
  "1e125",
  "-1e125",
  "1e-130",
  "3.14159",
];
const BAD_NUMBERS = ["abc", "1e126", "1e-131", "123456789012345678901234567890123456789", ""];
const BINARIES = ["AA==", "AAE=", "/w==", "AQID"];

/** A value that a key of this type can have, out of few, so that keys meet. */
export function keyValue(random: Random, type: "S" | "N" | "B"): Wire {
  if (type === "S") return { S: random.pick(["k1", "k2", "k3", "ké"]) };
  if (type === "N") return { N: random.pick(["0", "1", "2", "-1", "10", "1.5", "1e2", "-1e2", "0.1"]) };
  return { B: random.pick(BINARIES) };
}

/** Any value; now and then one that DynamoDB refuses. */
export function anyValue(random: Random, depth = 0): Wire {
  const kind = random.below(depth > 2 ? 7 : 12);
  switch (kind) {
    case 0:
    case 1:
      return { S: random.pick(STRINGS) };
    case 2:
    case 3:
      return { N: random.pick(random.oneIn(40) ? BAD_NUMBERS : NUMBERS) };
    case 4:
      return { B: random.pick(BINARIES) };
    case 5:
      return { BOOL: random.oneIn(2) };
    case 6:
      return { NULL: true };
    case 7:
      return { SS: some(random, STRINGS) };
    case 8:
      return { NS: some(random, NUMBERS) };
    case 9:
      return { BS: some(random, BINARIES) };
    case 10:
      return { L: Array.from({ length: random.below(4) }, () => anyValue(random, depth + 1)) };
    default:
      return { M: anyMap(random, depth + 1) };
  }
}

/** A map of any values. */
function anyMap(random: Random, depth = 0): Record<string, Wire> {
  const names = ["p", "q", "r"].filter(() => random.oneIn(2));
  return Object.fromEntries(names.map((name) => [name, anyValue(random, depth)]));
}

/** The attributes that are no keys, some of them. */
export function anyAttributes(random: Random): Record<string, Wire> {
  const names = ["c", "d", "e", "l", "m", "n", "s", "x"].filter(() => random.oneIn(2));
  return Object.fromEntries(names.map((name) => [name, attributeValue(random, name)]));
}

/** A value for an attribute: usually of the type that its name promises, so that updates find what they need. */
export function attributeValue(random: Random, name: string): Wire {
  if (random.oneIn(6)) return anyValue(random);
  if (name === "n") return { N: random.pick(NUMBERS) };
  if (name === "l") return { L: Array.from({ length: random.below(4) }, () => anyValue(random, 2)) };
  if (name === "m") return { M: anyMap(random, 2) };
  if (name === "s") return { SS: some(random, STRINGS) };
  return anyValue(random);
}

function some(random: Random, choices: readonly string[]): string[] {
  const chosen = choices.filter(() => random.oneIn(3));
  return chosen.length > 0 || random.oneIn(20) ? chosen : [choices[1] as string];
}
