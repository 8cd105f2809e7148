import { readFileSync } from "node:fs";
import { OPERATIONS } from "@reliq/core/recovery";
import { expect, test } from "vitest";

const PAGE = readFileSync("docs/recovery-api.md", "utf8");

test("the page's table is the contract: each operation with its request, role, fields and what it does", () => {
  const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"));
  const expected = Object.entries(OPERATIONS).map(([name, { method, path, role, fields, says }]) => {
    const shown = Object.entries(fields).map(([field, { required }]) => `\`${field}\`${required ? " (needed)" : ""}`);
    return `| \`${name}\` | ${method} ${path} | ${role} | ${shown.join(", ")} | ${says} |`;
  });
  expect(rows).toEqual(expected);
});
