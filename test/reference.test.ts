import { globSync, readFileSync } from "node:fs";
import { AUDIT_ACTIONS, auditReference } from "@reliq/core/recovery";
import { localRegionReference } from "@reliq/local/reference";
import { expect, test } from "vitest";

test("the committed reference of the local region says what the code does; `npm run reference` writes it anew", async () => {
  expect(readFileSync("docs/reference/local-region.md", "utf8")).toBe(await localRegionReference());
});

test("the committed reference of the audit says what its table does, and the table has each action that the code writes", () => {
  expect(readFileSync("docs/reference/audit.md", "utf8")).toBe(auditReference());
  const written = globSync("packages/{core,aws}/src/**/*.ts", { exclude: ["**/*.test.ts"] }).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\baction: "([a-z-]+)"/g)].map(([, action = ""]) => action),
  );
  expect(written).toContain("captured");
  expect(written.filter((action) => !Object.hasOwn(AUDIT_ACTIONS, action))).toEqual([]);
});
