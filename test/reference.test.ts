import { globSync, readFileSync } from "node:fs";
import { AUDIT_ACTIONS, auditReference, EVENT_CODES, eventReference } from "@reliq/core/recovery";
import { localRegionReference } from "@reliq/local/reference";
import { jsonReference, listCommands } from "reliq/reference";
import { expect, test } from "vitest";
import { appEvents, loggedEvents } from "../scripts/logged-events.ts";

test("the committed reference of the local region says what the code does; `npm run reference` writes it anew", async () => {
  expect(readFileSync("docs/reference/local-region.md", "utf8")).toBe(await localRegionReference());
});

test("the committed reference of the commands' JSON says what their schemas do, and no schema is left of a command that is none", () => {
  expect(readFileSync("docs/reference/cli-json.md", "utf8")).toBe(jsonReference());
  const commands = listCommands().filter(({ options }) => options.includes("--json"));
  const files = commands.map(({ words }) => `${words.replaceAll(" ", "-")}.json`);
  expect(globSync("*.json", { cwd: "packages/cli/schemas" }).toSorted()).toEqual(
    [...files, "definitions.json"].toSorted(),
  );
});

test("the committed reference of the audit says what its table does, and the table has each action that the code writes", () => {
  expect(readFileSync("docs/reference/audit.md", "utf8")).toBe(auditReference());
  const written = globSync("packages/{core,aws}/src/**/*.ts", { exclude: ["**/*.test.ts"] }).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\baction: "([a-z-]+)"/g)].map(([, action = ""]) => action),
  );
  expect(written).toContain("captured");
  expect(written.filter((action) => !Object.hasOwn(AUDIT_ACTIONS, action))).toEqual([]);
});

test("the committed reference of the log's events says what its table does, and the table has each event that the code logs, with its level", () => {
  const logged = loggedEvents();
  const unavailable = readFileSync("packages/core/src/log/log-unavailable.ts", "utf8");
  expect(readFileSync("docs/reference/events.md", "utf8")).toBe(eventReference(logged, appEvents()));
  expect([...logged.keys()].toSorted()).toEqual(Object.keys(EVENT_CODES).toSorted());
  for (const [code, files] of logged) {
    const { level = "", fields = [] } = EVENT_CODES[code] ?? {};
    for (const file of files) {
      const own = readFileSync(file, "utf8");
      const text = own.includes("logUnavailable(") ? own + unavailable : own;
      expect(text, `${code} in ${file}`).toContain(`level: "${level}"`);
      if (file === files[0])
        for (const field of fields) expect(text, `${field} of ${code}`).toMatch(new RegExp(`\\b${field}\\b`));
    }
  }
});

test("each app's table of events has what its code logs, with its level and its fields, and no code is in two tables", () => {
  const { codes, files } = appEvents();
  expect(files.size).toBeGreaterThan(9);
  expect([...files.keys()].toSorted()).toEqual(Object.keys(codes).toSorted());
  expect(Object.keys(codes).filter((code) => Object.hasOwn(EVENT_CODES, code))).toEqual([]);
  for (const [code, [file = ""]] of files) {
    const { level = "", meaning = "", fields = [] } = codes[code] ?? {};
    const [, app] = file.split("/");
    expect(readFileSync(`apps/${app}/event-codes.json`, "utf8"), file).toContain(`"${code}": {`);
    expect(meaning).toMatch(/\.$/);
    const text = readFileSync(file, "utf8");
    expect(text, `${code} in ${file}`).toContain(`"${level}"`);
    for (const field of fields) expect(textOf(app), `${field} of ${code}`).toMatch(new RegExp(`\\b${field}\\b`));
  }
});

/** All code of an app's domain: a field may be spread into a line from another file. */
function textOf(app = ""): string {
  const files = globSync(`apps/${app}/{domain,handlers}/**/*.ts`, { exclude: ["**/*.test.ts"] });
  return files.map((file) => readFileSync(file, "utf8")).join("\n");
}
