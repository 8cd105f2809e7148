import { readFileSync } from "node:fs";
import { localRegionReference } from "@reliq/local/reference";
import { expect, test } from "vitest";

test("the committed reference of the local region says what the code does; `npm run reference` writes it anew", async () => {
  expect(readFileSync("docs/reference/local-region.md", "utf8")).toBe(await localRegionReference());
});
