import { readFileSync } from "node:fs";
import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";

/** Whether a value is a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a JSON object from a file of an assembly.
 * @throws DefinitionError that calls the file by `what` when it is missing or is not a JSON object.
 */
export function readDocument(path: string, what: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const trouble = missing ? "is missing" : `cannot be read (${(error as Error).message})`;
    throw new DefinitionError(
      missing ? "assembly-incomplete" : "assembly-unreadable",
      `${what} ${path} ${trouble}. Synthesize the assembly again: npx cdk synth.`,
      error,
    );
  }
  if (isMembers(value)) return value;
  throw new DefinitionError("assembly-unreadable", `${what} ${path} is not a JSON object. Synthesize it again.`);
}
