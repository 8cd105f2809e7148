import type { Members } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import { isMembers } from "./read-document.ts";

/** A CloudFormation template; values keep their intrinsic functions. */
export interface Template {
  readonly description?: string;
  readonly parameters: Readonly<Record<string, Members>>;
  readonly mappings: Members;
  readonly conditions: Members;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: Readonly<Record<string, Members>>;
}

export interface TemplateResource {
  readonly type: string;
  readonly properties: Members;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  /** Whether the resource outlives its removal from the template. */
  readonly retained: boolean;
  /** Whether the old resource outlives its replacement by one of another name. */
  readonly retainedWhenReplaced: boolean;
}

const SECTIONS: readonly string[] = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
  "Rules",
  "Transform",
];

const RESOURCE_ATTRIBUTES: readonly string[] = [
  "Condition",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdateReplacePolicy",
];

/** CDK's own check of the version of an account's bootstrap stack, which a local region does not have. */
const BOOTSTRAP_RULE = "CheckBootstrapVersion";

/** @throws DefinitionError that names a section, transform, rule or resource attribute that is not supported. */
export function parseTemplate(stackName: string, document: Members): Template {
  const refuse = (what: string): never => {
    throw new DefinitionError("template-unsupported", `Stack ${stackName}: ${what} is not supported. Leave it out.`);
  };
  const unknown = Object.keys(document).find((section) => !SECTIONS.includes(section));
  if (unknown !== undefined) refuse(`the template section ${unknown}`);
  for (const transform of [document["Transform"] ?? []].flat()) {
    if (transform !== "AWS::LanguageExtensions") refuse(`the transform ${JSON.stringify(transform)}`);
  }
  const rule = Object.keys(section(document, "Rules")).find((name) => name !== BOOTSTRAP_RULE);
  if (rule !== undefined) refuse(`the rule ${rule}`);
  const resources = Object.entries(section(document, "Resources")).map(([id, resource]) => {
    if (!isMembers(resource)) return refuse(`the resource ${id}`);
    return [id, parseResource(resource, (what) => refuse(`${what} of ${id}`))] as const;
  });
  return {
    ...(typeof document["Description"] === "string" && { description: document["Description"] }),
    parameters: section(document, "Parameters") as Record<string, Members>,
    mappings: section(document, "Mappings"),
    conditions: section(document, "Conditions"),
    resources: new Map(resources),
    outputs: section(document, "Outputs") as Record<string, Members>,
  };
}

function section(document: Members, name: string): Members {
  const found = document[name];
  return isMembers(found) ? found : {};
}

function parseResource(resource: Members, refuse: (what: string) => never): TemplateResource {
  const unknown = Object.keys(resource).find((attribute) => !RESOURCE_ATTRIBUTES.includes(attribute));
  if (unknown !== undefined) refuse(`the resource attribute ${unknown}`);
  return {
    type: String(resource["Type"]),
    properties: section(resource, "Properties"),
    dependsOn: [resource["DependsOn"] ?? []].flat().map(String),
    ...(typeof resource["Condition"] === "string" && { condition: resource["Condition"] }),
    retained: isRetained(resource["DeletionPolicy"], refuse),
    retainedWhenReplaced: isRetained(resource["UpdateReplacePolicy"], refuse),
  };
}

function isRetained(policy: unknown, refuse: (what: string) => never): boolean {
  switch (policy) {
    case "Retain":
    case "RetainExceptOnCreate":
      return true;
    case undefined:
    case "Delete":
      return false;
    // A snapshot is a copy kept on AWS; to keep the resource itself is the nearest that loses nothing.
    case "Snapshot":
      return true;
    default:
      return refuse(`the policy ${JSON.stringify(policy)}`);
  }
}
