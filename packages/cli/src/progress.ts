import { createLogUpdate } from "log-update";

/** Draws how far a command is: each drawing takes the place of the one before. */
export type Progress = ReturnType<typeof createLogUpdate>;

/** What draws progress: on stderr, so that stdout has the answer alone, and only where a person looks at it. */
export function progress({ json = false }: { readonly json?: boolean }): Progress | undefined {
  return process.stderr.isTTY && !json ? createLogUpdate(process.stderr) : undefined;
}
