import { InvalidArgumentError } from "commander";

const UNIT_SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/** Reads `300`, `300s`, `5m`, `2h` or `1d` as whole seconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const [, count = "", unit = ""] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  if (count === "") throw new InvalidArgumentError("It takes seconds, or a number with s, m, h or d: 300, 5m, 2h.");
  return Number(count) * (UNIT_SECONDS[unit] ?? 1);
}
