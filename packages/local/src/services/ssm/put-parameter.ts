import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { invalid, optionalText, refuseOthers, requiredText } from "../scheduler/input.ts";
import { findParameter, type Parameter } from "./parameter.ts";

/** The longest value of each tier, bytes, and how many versions are kept (PutParameter). */
const LONGEST_BYTES: Readonly<Record<string, number>> = { Standard: 4_096, Advanced: 8_192 };
const MOST_VERSIONS = 100;
const MOST_LEVELS = 15;

const MEMBERS = [
  "AllowedPattern",
  "DataType",
  "Description",
  "KeyId",
  "Name",
  "Overwrite",
  "Tags",
  "Tier",
  "Type",
  "Value",
];
const TYPES = ["String", "StringList", "SecureString"];

/** PutParameter. @throws ParameterAlreadyExists, ParameterPatternMismatchException or ValidationException */
export async function putParameter(world: World, input: Members): Promise<Members> {
  refuseOthers(input, MEMBERS, "a parameter");
  const name = readName(requiredText(input, "Name"));
  const { version, tier } = await world.store.transaction(() => {
    const known = findParameter(world.store, name);
    if (known && input["Overwrite"] !== true) {
      throw new ServiceError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    return write(world, readParameter(input, name, known, world.clock.now()));
  });
  return { Version: version, Tier: tier };
}

/** Writes a parameter of a template: what it says already makes no new version. @throws as putParameter does */
export async function bringParameter(world: World, input: Members, name: string): Promise<Parameter> {
  readName(name);
  return world.store.transaction(() => {
    const known = findParameter(world.store, name);
    const next = readParameter(input, name, known, world.clock.now());
    const content = ({ type, value, description, allowedPattern, tier }: Parameter): string =>
      JSON.stringify([type, value, description, allowedPattern, tier]);
    return known && content(known) === content(next) ? known : write(world, next);
  });
}

function write({ store }: World, parameter: Parameter): Parameter {
  const { name, version, type, value, description, allowedPattern, dataType, tier, modifiedAt } = parameter;
  store
    .statement("INSERT INTO ssm_parameter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(name, version, type, value, description, allowedPattern, dataType, tier, modifiedAt);
  store.statement("DELETE FROM ssm_parameter WHERE name = ? AND version <= ?").run(name, version - MOST_VERSIONS);
  return parameter;
}

function readParameter(input: Members, name: string, known: Parameter | undefined, nowMs: number): Parameter {
  const type = optionalText(input, "Type") ?? known?.type;
  if (type === undefined) throw invalid("A parameter type is required when you create a parameter.");
  if (!TYPES.includes(type)) throw invalid(`Type must be one of ${TYPES.join(", ")}, not ${type}.`);
  const value = requiredText(input, "Value");
  const tier = readTier(optionalText(input, "Tier") ?? known?.tier ?? "Standard", value);
  const allowedPattern = optionalText(input, "AllowedPattern") ?? null;
  if (allowedPattern !== null && !fits(allowedPattern, value)) {
    const message = `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`;
    throw new ServiceError("ParameterPatternMismatchException", message);
  }
  return {
    name,
    version: (known?.version ?? 0) + 1,
    type,
    value,
    description: optionalText(input, "Description") ?? known?.description ?? null,
    allowedPattern,
    dataType: optionalText(input, "DataType") ?? "text",
    tier,
    modifiedAt: nowMs,
  };
}

/** Intelligent-Tiering takes the least tier that the value fits. */
function readTier(tier: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  const standard = LONGEST_BYTES["Standard"] ?? 0;
  const chosen = tier === "Intelligent-Tiering" ? (bytes > standard ? "Advanced" : "Standard") : tier;
  const longest = LONGEST_BYTES[chosen];
  if (longest === undefined) throw invalid(`Tier must be Standard, Advanced or Intelligent-Tiering, not ${tier}.`);
  if (bytes <= longest) return chosen;
  throw invalid(
    `${chosen} tier parameters support a maximum parameter value of ${longest} characters. This one has ${bytes}.`,
  );
}

function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch (cause) {
    throw new ServiceError("InvalidAllowedPatternException", `The pattern ${pattern} is not valid: ${String(cause)}`);
  }
}

function readName(name: string): string {
  const levels = name.split("/").length - 1;
  if (!/^[\w./-]{1,1011}$/.test(name) || name.includes("//") || name.endsWith("/")) {
    throw invalid(
      `The parameter's name ${JSON.stringify(name)} must be letters, digits, and . - _, with / between levels.`,
    );
  }
  if (levels > 0 && !name.startsWith("/")) throw invalid("Parameter name must be a fully qualified name.");
  if (/^\/?(?:aws|ssm)/i.test(name))
    throw invalid(`The parameter's name ${name} begins with a reserved "aws" or "ssm".`);
  if (levels <= MOST_LEVELS) return name;
  const message = `The parameter's name has ${levels} levels, more than ${MOST_LEVELS}.`;
  throw new ServiceError("HierarchyLevelLimitExceededException", message);
}
