import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A stack of an assembly that a test writes by hand. */
export interface FixtureStack {
  readonly template: object;
  readonly stackName?: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  /** Files of each asset, by S3 object key. */
  readonly assets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface FixtureOptions {
  /** @default "55.0.0" */
  readonly version?: string;
  /** Nested assemblies of stages, by directory name. */
  readonly stages?: Readonly<Record<string, Readonly<Record<string, FixtureStack>>>>;
}

/** Writes a cloud assembly as `cdk synth` does, and gives its directory back. */
export function writeAssembly(
  directory: string,
  stacks: Readonly<Record<string, FixtureStack>>,
  { version = "55.0.0", stages = {} }: FixtureOptions = {},
): string {
  mkdirSync(directory, { recursive: true });
  const artifacts: Record<string, object> = {};
  for (const [name, nested] of Object.entries(stages)) {
    writeAssembly(join(directory, name), nested, { version });
    artifacts[name] = { type: "cdk:cloud-assembly", properties: { directoryName: name } };
  }
  for (const [id, stack] of Object.entries(stacks)) {
    writeJson(join(directory, `${id}.template.json`), stack.template);
    writeJson(join(directory, `${id}.assets.json`), {
      version,
      files: writeAssets(directory, stack),
      dockerImages: {},
    });
    artifacts[`${id}.assets`] = { type: "cdk:asset-manifest", properties: { file: `${id}.assets.json` } };
    artifacts[id] = {
      type: "aws:cloudformation:stack",
      environment: stack.environment ?? "aws://unknown-account/unknown-region",
      properties: { templateFile: `${id}.template.json`, ...(stack.stackName && { stackName: stack.stackName }) },
      dependencies: [...(stack.dependencies ?? []), `${id}.assets`],
    };
  }
  writeJson(join(directory, "manifest.json"), { version, artifacts });
  return directory;
}

function writeAssets(directory: string, { assets = {} }: FixtureStack): object {
  const files = Object.entries(assets).map(([key, contents]) => {
    const path = `asset.${key.replace(".zip", "")}`;
    mkdirSync(join(directory, path), { recursive: true });
    for (const [name, text] of Object.entries(contents)) writeFileSync(join(directory, path, name), text);
    const destination = { bucketName: "assets", objectKey: key };
    return [key, { source: { path, packaging: "zip" }, destinations: { here: destination } }];
  });
  return Object.fromEntries(files);
}

export function writeJson(path: string, value: object): void {
  writeFileSync(path, JSON.stringify(value));
}
