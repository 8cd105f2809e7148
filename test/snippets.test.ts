import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

interface Snippet {
  readonly path: string;
  readonly code: string;
}

/** The snippets of a page: each begins with a file name of its own. */
function snippets(page: string): readonly Snippet[] {
  const blocks = [...readFileSync(page, "utf8").matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  return blocks.map(([, file = "", code = ""]) => ({ path: join(basename(page, ".md"), file), code }));
}

test("every snippet of the pages in docs type-checks as it is printed", () => {
  // Beside the packages, so that they are found; git ignores the name.
  const directory = mkdtempSync(join("apps", ".reliq-snippets-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const { path, code } of globSync("docs/*.md").flatMap(snippets)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), code);
  }
  const settings = {
    extends: "../../tsconfig.base.json",
    compilerOptions: { types: ["node"], isolatedDeclarations: false },
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(settings));
  const { stdout, status } = spawnSync("tsc", ["--project", directory, "--pretty", "false"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 180_000);

test("every TypeScript block of the pages in docs is such a snippet", () => {
  for (const page of globSync("docs/*.md")) {
    const blocks = readFileSync(page, "utf8").match(/^```ts$/gm) ?? [];
    expect(snippets(page), page).toHaveLength(blocks.length);
  }
});
