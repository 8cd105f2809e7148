import { globSync, readFileSync } from "node:fs";
import type { AppEvents } from "@reliq/core/recovery";

type Files = ReadonlyMap<string, readonly string[]>;

/** The events that the code of core and of the adapters logs, by code, with the files that log them. */
export function loggedEvents(): Files {
  return eventsIn("packages/{core,aws}/src/**/*.ts", /event: "([a-z-]+)"/g);
}

/** The events of the apps: what each app's `event-codes.json` says of its own, and what their code logs, where an event stands behind its level. */
export function appEvents(): AppEvents {
  const tables = globSync("apps/*/event-codes.json").toSorted();
  const codes = tables.map((file) => JSON.parse(readFileSync(file, "utf8")) as AppEvents["codes"]);
  const files = eventsIn("apps/*/{domain,handlers}/**/*.ts", /\blevel\b[^,{}]*,\s*event: "([a-z-]+)"/g);
  return { codes: Object.assign({}, ...codes), files };
}

function eventsIn(pattern: string, code: RegExp): Files {
  const files = globSync(pattern, { exclude: ["**/*.test.ts"] }).toSorted();
  const events = new Map<string, string[]>();
  for (const file of files) {
    const codes = [...readFileSync(file, "utf8").matchAll(code)].map(([, code = ""]) => code);
    for (const code of new Set(codes)) events.set(code, [...(events.get(code) ?? []), file]);
  }
  return events;
}
