import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError } from "../command-error.ts";
import type { SystemDescription } from "./compare-description.ts";

/** The description that a module exports. @throws CommandError where there is no such file, or it exports none */
export async function loadDescription(file: string): Promise<SystemDescription> {
  if (!existsSync(file)) throw new CommandError(`There is no file ${resolve(file)}.`);
  const { description } = (await import(pathToFileURL(resolve(file)).href)) as { description?: SystemDescription };
  const { queues = [], topics = [] } = description ?? {};
  const all: readonly unknown[] = Array.isArray(queues) && Array.isArray(topics) ? [...queues, ...topics] : [];
  if (all.length > 0 && all.every((each) => typeof (each as { name?: unknown }).name === "string"))
    return { queues, topics };
  throw new CommandError(
    `${file} exports no description. It takes \`export const description = { queues: [{ name, … }], topics: [{ name, subscriptions }] }\`.`,
  );
}
