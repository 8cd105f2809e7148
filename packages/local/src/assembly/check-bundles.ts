import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import type { AssetPaths } from "./load-assets.ts";
import type { StackPlan } from "./plan-stack.ts";
import { isMembers } from "./read-document.ts";

const check = promisify(execFile);

/** The files that Lambda's Node.js runtimes look for, for the handler `index.handler`. */
const EXTENSIONS = [".js", ".mjs", ".cjs"];

/**
 * Checks, before anything is created, that each function's bundle is in the assembly and holds the handler's file.
 * @throws DefinitionError that names the stack, the function and the file
 */
export async function checkBundles(plans: readonly StackPlan[], assets: AssetPaths): Promise<void> {
  const functions = plans.flatMap(({ name, resources }) =>
    resources.filter(({ type }) => type === "AWS::Lambda::Function").map((resource) => ({ name, ...resource })),
  );
  const troubles = await Promise.all(functions.map(({ properties }) => troubleWith(properties, assets)));
  const first = troubles.findIndex((trouble) => trouble !== undefined);
  const broken = functions[first];
  if (!broken) return;
  const { name, logicalId, type } = broken;
  throw new DefinitionError("bundle-broken", `Stack ${name}: ${logicalId} (${type}): ${troubles[first]}`);
}

async function troubleWith({ Code: code, Handler: handler }: Members, assets: AssetPaths): Promise<string | undefined> {
  const key = isMembers(code) ? code["S3Key"] : undefined;
  if (typeof key !== "string") return undefined;
  const directory = assets.get(key);
  if (directory === undefined) {
    return `its code ${key} is not an asset of the assembly. Give it a bundle of your own (Code.fromAsset).`;
  }
  const module = typeof handler === "string" ? /^(.*)\.[^./]+$/.exec(handler)?.[1] : undefined;
  if (module === undefined) return undefined;
  const file = EXTENSIONS.map((extension) => join(directory, module + extension)).find((each) => existsSync(each));
  if (file !== undefined) return syntaxTrouble(file);
  return `the bundle ${directory} has no ${module}.js, .mjs or .cjs for the handler ${handler}. Build it and synthesize again.`;
}

/** Only reads the file, as the runtime would: code that fails as it runs is told by its first invocation. */
async function syntaxTrouble(file: string): Promise<string | undefined> {
  try {
    await check(process.execPath, ["--check", file]);
    return undefined;
  } catch (thrown) {
    const { stderr = "" } = thrown as { stderr?: string };
    const error = /^\w*Error.*$/m.exec(stderr)?.[0] ?? "it cannot be read";
    return `the bundle's ${file} is broken: ${error}. Build it and synthesize again.`;
  }
}
