import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

interface PublicExport {
  readonly entry: string;
  readonly name: string;
  readonly file: string;
}

/** What the packages export publicly, by the entries that their package.json names. */
function publicExports(): readonly PublicExport[] {
  return globSync("packages/*/package.json").flatMap((manifest) => {
    const { exports = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { exports?: Record<string, unknown> };
    return Object.values(exports).flatMap((conditions) => {
      const source = (conditions as Record<string, string> | null)?.["@reliq/source"];
      return source === undefined ? [] : exportsOf(join(dirname(manifest), source));
    });
  });
}

function exportsOf(entry: string): readonly PublicExport[] {
  const lists = readFileSync(entry, "utf8").matchAll(/^export (?:type )?\{([^}]*)\} from "(\.[^"]+)";/gm);
  return [...lists].flatMap(([, names = "", file = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== "")
      .map((name) => ({ entry, name, file: join(dirname(entry), file) })),
  );
}

/** The text of an export's doc comment; undefined where it has none. */
function docOf({ name, file }: PublicExport): string | undefined {
  const declaration = `export (?:declare )?(?:abstract )?(?:async )?(?:class|const|function|interface|type) ${name}\\b`;
  const found = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n${declaration}`).exec(readFileSync(file, "utf8"));
  return found?.[1];
}

test("there are public exports", () => {
  expect(publicExports().length).toBeGreaterThan(100);
});

test("every public export says in its doc comment what it promises", () => {
  const silent = publicExports().filter((each) => (docOf(each) ?? "").trim() === "");
  expect(silent.map(({ entry, name }) => `${entry}: ${name}`)).toEqual([]);
});
