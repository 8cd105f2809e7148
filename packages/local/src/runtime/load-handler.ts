import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorBody } from "./messages.ts";

/** A function's handler, async or with a callback. */
export type Handler = (
  event: unknown,
  context: unknown,
  callback: (error?: unknown, result?: unknown) => void,
) => unknown;

/** The function's code cannot be loaded; the body says why, as Lambda does. */
export class InitError extends Error {
  override readonly name: string = "InitError";
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.errorMessage);
    this.body = body;
  }
}

/**
 * Loads `folder/index.handler` from the code directory: index.js, index.mjs or index.cjs, whichever is there first.
 * @throws InitError
 */
export async function loadHandler(directory: string, handler: string): Promise<Handler> {
  const [, path, name] = /^((?:.*\/)?[^./]+)\.([^/]+)$/.exec(handler) ?? [];
  if (path === undefined || name === undefined || path.includes("..")) {
    throw failed("Runtime.MalformedHandlerName", "Bad handler");
  }
  const found = await importModule(directory, path);
  const value = name.split(".").reduce(member, withDefault(found, name));
  if (value === undefined) throw failed("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof value !== "function") throw failed("Runtime.HandlerNotFound", `${handler} is not a function`);
  return value as Handler;
}

/** Words anything that was thrown as Lambda does. */
export function errorBody(thrown: unknown): ErrorBody {
  if (thrown instanceof Error) {
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? "").split("\n"),
    };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

async function importModule(directory: string, path: string): Promise<unknown> {
  const file = [".js", ".mjs", ".cjs"].map((extension) => join(directory, path + extension)).find(existsSync);
  if (!file) throw failed("Runtime.ImportModuleError", `Error: Cannot find module '${path}'`);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw new InitError(importFailure(error));
  }
}

function importFailure(error: unknown): ErrorBody {
  const { errorType, errorMessage, trace = [] } = errorBody(error);
  const wrapped = { errorMessage: `${errorType}: ${errorMessage}`, trace };
  if (error instanceof SyntaxError) return { errorType: "Runtime.UserCodeSyntaxError", ...wrapped };
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (code.endsWith("MODULE_NOT_FOUND")) return { errorType: "Runtime.ImportModuleError", ...wrapped };
  return { errorType, errorMessage, trace };
}

/** A CommonJS module whose exports Node cannot tell by name has them all on `default`. */
function withDefault(found: unknown, name: string): unknown {
  const first = name.split(".")[0] ?? "";
  return member(found, first) === undefined ? member(found, "default") : found;
}

function member(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | null | undefined)?.[name];
}

function failed(errorType: string, errorMessage: string): InitError {
  return new InitError({ errorType, errorMessage, trace: [] });
}
