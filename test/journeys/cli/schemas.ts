import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

const FOLDER = "packages/cli/schemas";

/** The published schemas of what commands print with `--json`, by file. */
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
for (const file of globSync(`${FOLDER}/*.json`)) ajv.addSchema(JSON.parse(readFileSync(file, "utf8")), basename(file));

function schemaFile(words: string): string {
  return `${words.replaceAll(" ", "-")}.json`;
}

/** What of an answer is not as the command's published schema says; empty where all is. @throws where there is no such schema */
export function problemsOf(words: string, answer: unknown): readonly string[] {
  const validate = ajv.getSchema(schemaFile(words));
  if (!validate) throw new Error(`There is no schema ${FOLDER}/${schemaFile(words)}.`);
  if (validate(answer)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = "", params }) => {
    return `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
  });
}
