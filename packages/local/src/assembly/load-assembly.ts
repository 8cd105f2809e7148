import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import { type AssetPaths, loadAssets } from "./load-assets.ts";
import { isMembers, readDocument } from "./read-document.ts";
import { parseTemplate, type Template } from "./template.ts";

/** The newest schema of the cloud assembly that is known: `revision` of @aws-cdk/cloud-assembly-schema. */
const NEWEST_SCHEMA = 55;

/** A stack of an assembly, as it was synthesized. */
export interface StackDefinition {
  readonly name: string;
  readonly template: Template;
  /** The template as it was written. */
  readonly document: Members;
  /** `aws://123456789012/us-east-1`, or `aws://unknown-account/unknown-region` where the stack is bound to none. */
  readonly environment: string;
  /** Values for the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The names of the stacks that come before this one. */
  readonly dependsOn: readonly string[];
}

/** A synthesized cloud assembly: a `cdk.out` directory. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly StackDefinition[];
  readonly assets: AssetPaths;
}

interface Contents {
  readonly stacks: Map<string, StackDefinition>;
  readonly assets: Map<string, string>;
}

/**
 * Reads a cloud assembly, the nested ones of its stages included.
 * @throws DefinitionError that says in one line what is missing, unreadable or newer than what is known.
 */
export function loadAssembly(directory: string): Assembly {
  const path = resolve(directory);
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw new DefinitionError("assembly-missing", `There is no cloud assembly at ${path}: run npx cdk synth first.`);
  }
  const contents: Contents = { stacks: new Map(), assets: new Map() };
  read(path, contents);
  const stacks = [...contents.stacks.values()].map((stack) => ({
    ...stack,
    dependsOn: stack.dependsOn.flatMap((id) => contents.stacks.get(id)?.name ?? []),
  }));
  return { directory: path, stacks: distinct(stacks), assets: contents.assets };
}

function read(directory: string, contents: Contents): void {
  const manifest = readDocument(join(directory, "manifest.json"), "The assembly's manifest");
  checkSchema(directory, manifest["version"]);
  checkContext(directory, manifest["missing"]);
  const artifacts = isMembers(manifest["artifacts"]) ? manifest["artifacts"] : {};
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (isMembers(artifact)) readArtifact(directory, id, artifact, contents);
  }
}

function checkSchema(directory: string, version: unknown): void {
  const schema = Number.parseInt(String(version), 10);
  if (schema <= NEWEST_SCHEMA) return;
  throw new DefinitionError(
    "assembly-newer",
    `The cloud assembly ${directory} has schema ${version}, and this version of Reliq reads up to ${NEWEST_SCHEMA}: update Reliq, or synthesize with an older aws-cdk-lib.`,
  );
}

function checkContext(directory: string, missing: unknown): void {
  const key = Array.isArray(missing) && isMembers(missing[0]) ? missing[0]["key"] : undefined;
  if (key === undefined) return;
  throw new DefinitionError(
    "assembly-context",
    `The cloud assembly ${directory} lacks the context value ${key}: synthesize it with npx cdk synth, or set the value in cdk.json.`,
  );
}

function readArtifact(directory: string, id: string, artifact: Members, contents: Contents): void {
  const properties = isMembers(artifact["properties"]) ? artifact["properties"] : {};
  switch (artifact["type"]) {
    case "cdk:cloud-assembly":
      read(join(directory, String(properties["directoryName"])), contents);
      return;
    case "cdk:asset-manifest":
      for (const [key, path] of loadAssets(directory, String(properties["file"]))) contents.assets.set(key, path);
      return;
    case "aws:cloudformation:stack": {
      const name = String(properties["stackName"] ?? id);
      const document = readDocument(
        join(directory, String(properties["templateFile"])),
        `The template of stack ${name}`,
      );
      contents.stacks.set(id, {
        name,
        template: parseTemplate(name, document),
        document,
        environment: String(artifact["environment"]),
        parameters: (properties["parameters"] ?? {}) as Record<string, string>,
        dependsOn: (artifact["dependencies"] ?? []) as string[],
      });
    }
  }
}

function distinct(stacks: readonly StackDefinition[]): readonly StackDefinition[] {
  const names = new Set<string>();
  for (const { name } of stacks) {
    if (names.has(name)) {
      throw new DefinitionError(
        "stack-twice",
        `Two stacks are called ${name}: the local region is one account and one region. Give one another stackName.`,
      );
    }
    names.add(name);
  }
  return stacks;
}
