import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import type { AssetPaths } from "./load-assets.ts";
import type { StackPlan } from "./plan-stack.ts";
import { isMembers } from "./read-document.ts";

/** The files that Lambda's Node.js runtimes look for, for the handler `index.handler`. */
const EXTENSIONS = [".js", ".mjs", ".cjs"];

/**
 * Checks, before anything is created, that each function's bundle is in the assembly and holds the handler's file.
 * @throws DefinitionError that names the stack, the function and the file
 */
export function checkBundles(plans: readonly StackPlan[], assets: AssetPaths): void {
  for (const { name, resources } of plans) {
    for (const { type, logicalId, properties } of resources) {
      const trouble = type === "AWS::Lambda::Function" ? troubleWith(properties, assets) : undefined;
      if (trouble === undefined) continue;
      throw new DefinitionError("bundle-broken", `Stack ${name}: ${logicalId} (${type}): ${trouble}`);
    }
  }
}

function troubleWith({ Code: code, Handler: handler }: Members, assets: AssetPaths): string | undefined {
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
function syntaxTrouble(file: string): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
  if (status === 0) return undefined;
  const error = /^\w*Error.*$/m.exec(stderr)?.[0] ?? "it cannot be read";
  return `the bundle's ${file} is broken: ${error}. Build it and synthesize again.`;
}
