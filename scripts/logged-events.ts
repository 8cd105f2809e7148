import { globSync, readFileSync } from "node:fs";

/** The events that the code of core and of the adapters logs, by code, with the files that log them. */
export function loggedEvents(): ReadonlyMap<string, readonly string[]> {
  const files = globSync("packages/{core,aws}/src/**/*.ts", { exclude: ["**/*.test.ts"] }).toSorted();
  const events = new Map<string, string[]>();
  for (const file of files) {
    const codes = [...readFileSync(file, "utf8").matchAll(/event: "([a-z-]+)"/g)].map(([, code = ""]) => code);
    for (const code of new Set(codes)) events.set(code, [...(events.get(code) ?? []), file]);
  }
  return events;
}
