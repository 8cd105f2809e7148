import { createHash, randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { notServed } from "../errors.ts";

export interface StoredCode {
  /** SHA-256 of the files' paths and contents, hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Copies a function's code into the state directory, under its hash, so that a restart goes on without the assembly.
 * Killed on the way, it leaves only a partial copy, which the next start removes.
 * @throws InvalidParameterValueException where the code is not a directory
 */
export function storeCode(stateDirectory: string, source: string): StoredCode {
  if (!statSync(source).isDirectory()) throw notServed(`the code ${source}: it takes a directory, not an archive`);
  const code = hashFiles(source);
  const target = codeDirectory(stateDirectory, code.hash);
  if (existsSync(target)) return code;
  const functions = functionsDirectory(stateDirectory);
  mkdirSync(functions, { recursive: true });
  // Without it, Node would read the code as the project's package that the state directory lies in says.
  writeFileSync(join(functions, "package.json"), "{}");
  const partial = `${target}.${randomUUID()}`;
  cpSync(source, partial, { recursive: true, dereference: true });
  renameSync(partial, target);
  return code;
}

export function codeDirectory(stateDirectory: string, hash: string): string {
  return join(functionsDirectory(stateDirectory), hash);
}

/** Removes the code that no function has any more; called before any function runs. */
export function removeUnusedCode(stateDirectory: string, usedHashes: ReadonlySet<string>): void {
  const functions = functionsDirectory(stateDirectory);
  if (!existsSync(functions)) return;
  for (const entry of readdirSync(functions, { withFileTypes: true })) {
    if (!entry.isDirectory() || usedHashes.has(entry.name)) continue;
    rmSync(join(functions, entry.name), { recursive: true, force: true });
  }
}

function functionsDirectory(stateDirectory: string): string {
  return resolve(stateDirectory, "functions");
}

function hashFiles(directory: string): StoredCode {
  const hash = createHash("sha256");
  let bytes = 0;
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).isFile());
  for (const path of files.sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(directory, path)}\0${content.byteLength}\0`).update(content);
    bytes += content.byteLength;
  }
  return { hash: hash.digest("hex"), bytes };
}
