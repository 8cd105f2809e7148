import { DefinitionError } from "./definition-error.ts";
import { resolve, type Scope } from "./resolve.ts";

/**
 * Makes the reader of a template's conditions: each is worked out when it is first asked for.
 * @throws DefinitionError, when read, for a condition that is none or that needs itself.
 */
export function readConditions(
  conditions: Readonly<Record<string, unknown>>,
  scope: Omit<Scope, "condition">,
): Scope["condition"] {
  const known = new Map<string, boolean | "under way">();
  const read = (name: string): boolean | undefined => {
    if (!Object.hasOwn(conditions, name)) return undefined;
    const value = known.get(name);
    if (typeof value === "boolean") return value;
    const refuse = (what: string): never => {
      throw new DefinitionError("template-invalid", `Stack ${scope.stackName}: the condition ${name} ${what}.`);
    };
    if (value) return refuse("needs itself");
    known.set(name, "under way");
    const result = resolve(conditions[name], { ...scope, condition: read }, `Conditions.${name}`);
    if (typeof result !== "boolean") return refuse("is neither true nor false");
    known.set(name, result);
    return result;
  };
  return read;
}
