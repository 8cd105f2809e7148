import { existsSync } from "node:fs";
import { join } from "node:path";
import { DefinitionError } from "./definition-error.ts";
import { isMembers, readDocument } from "./read-document.ts";

/** What an assembly publishes: the local file or directory of each S3 object key. */
export type AssetPaths = ReadonlyMap<string, string>;

/**
 * Reads one asset manifest of an assembly.
 * @throws DefinitionError when an asset's file is missing, or when an asset is a container image or comes from a command.
 */
export function loadAssets(directory: string, file: string): AssetPaths {
  const manifest = readDocument(join(directory, file), "The asset manifest");
  const images = Object.keys(isMembers(manifest["dockerImages"]) ? manifest["dockerImages"] : {});
  if (images[0] !== undefined) {
    throw new DefinitionError(
      "asset-container",
      `The container image asset ${images[0]} of ${file} is not supported: the local region runs functions from bundles. Give the function a bundle (Code.fromAsset).`,
    );
  }
  const paths = new Map<string, string>();
  for (const [id, asset] of Object.entries(isMembers(manifest["files"]) ? manifest["files"] : {})) {
    if (!isMembers(asset) || !isMembers(asset["source"])) continue;
    const path = sourcePath(directory, id, asset["source"]);
    for (const destination of Object.values(isMembers(asset["destinations"]) ? asset["destinations"] : {})) {
      if (isMembers(destination)) paths.set(String(destination["objectKey"]), path);
    }
  }
  return paths;
}

function sourcePath(directory: string, id: string, source: Record<string, unknown>): string {
  if (typeof source["path"] !== "string") {
    throw new DefinitionError(
      "asset-command",
      `The asset ${id} is made by a command, which the local region does not run. Make it when you synthesize.`,
    );
  }
  const path = join(directory, source["path"]);
  if (existsSync(path)) return path;
  throw new DefinitionError(
    "asset-missing",
    `The asset ${path} is missing. Synthesize the assembly again: npx cdk synth.`,
  );
}
