import { createHash } from "node:crypto";
import type { World } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import type { StackDefinition } from "./load-assembly.ts";

/** CDK's own parameter, read by nothing but a rule that a local region does not need: it is never looked up. */
const BOOTSTRAP_VERSION = "BootstrapVersion";

/** The values of a stack's parameters: what the assembly gives, else their defaults. @throws DefinitionError for one without either */
export function parameterValues(stack: StackDefinition): Record<string, string | readonly string[]> {
  const values: Record<string, string | readonly string[]> = {};
  for (const [name, parameter] of Object.entries(stack.template.parameters)) {
    const type = String(parameter["Type"]);
    const value = stack.parameters[name] ?? parameter["Default"];
    const refuse = (what: string): never => {
      throw new DefinitionError("parameter-missing", `Stack ${stack.name}: the parameter ${name} ${what}.`);
    };
    if (type.startsWith("AWS::SSM::") && name !== BOOTSTRAP_VERSION) {
      refuse(`has type ${type}, which is not supported. Give it a value when you synthesize, or read it at run time`);
    }
    if (value === undefined) refuse("has no default. Give it one, or a value when you synthesize");
    values[name] = isList(type)
      ? String(value)
          .split(",")
          .map((each) => each.trim())
      : String(value);
  }
  return values;
}

function isList(type: string): boolean {
  return type === "CommaDelimitedList" || type.startsWith("List<");
}

/** The pseudo parameters of a stack (AWS's Pseudo parameters reference). */
export function pseudoParameters(
  stackName: string,
  { accountId, region }: Pick<World, "accountId" | "region">,
): Record<string, string | readonly string[]> {
  return {
    "AWS::AccountId": accountId,
    "AWS::NotificationARNs": [],
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::StackId": stackId(stackName, { accountId, region }),
    "AWS::StackName": stackName,
    "AWS::URLSuffix": "amazonaws.com",
  };
}

/** A stack's ARN; it is the same each time, so that a stack that is deployed again keeps it. */
export function stackId(name: string, { accountId, region }: Pick<World, "accountId" | "region">): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${stableUuid(name)}`;
}

/** A UUID that is the same for the same text. */
export function stableUuid(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex");
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join("-");
}
