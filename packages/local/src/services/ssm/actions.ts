import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { integerWithin, invalid, refuseOthers, requiredText } from "../scheduler/input.ts";
import {
  allParameters,
  findParameter,
  type Parameter,
  parameterName,
  requestedParameter,
  shown,
  versionsOf,
} from "./parameter.ts";
import { putParameter } from "./put-parameter.ts";

/** The most names of a request, and the most parameters of a page (API reference). */
const MOST_NAMES = 10;
const LARGEST_PAGE = 10;

/** The actions on parameters. */
export function parameterActions(world: World): Record<string, Action> {
  const { store } = world;
  const show = (input: Members) => (parameter: Parameter) => shown(world, parameter, input["WithDecryption"] === true);
  return {
    PutParameter: (input) => putParameter(world, input),
    GetParameter: (input) => ({
      Parameter: show(input)(requestedParameter(store, requiredText(input, "Name"))),
    }),
    GetParameters: (input) => {
      const found = readNames(input).map((name) => [name, findAt(world, name)] as const);
      return {
        Parameters: found.flatMap(([, parameter]) => (parameter ? [show(input)(parameter)] : [])),
        InvalidParameters: found.flatMap(([name, parameter]) => (parameter ? [] : [name])),
      };
    },
    GetParametersByPath: (input) => {
      refuseOthers(input, ["MaxResults", "NextToken", "Path", "Recursive", "WithDecryption"], "GetParametersByPath");
      const found = below(allParameters(store), requiredText(input, "Path"), input["Recursive"] === true);
      const { page, next } = pageOf(found, input);
      return { Parameters: page.map(show(input)), ...next };
    },
    GetParameterHistory: (input) => {
      const name = parameterName(requiredText(input, "Name"));
      requestedParameter(store, name);
      const versions = versionsOf(store, name).toReversed();
      return { Parameters: versions.map((each) => ({ ...show(input)(each), ...describe(each) })) };
    },
    DescribeParameters: (input) => {
      refuseOthers(input, ["MaxResults", "NextToken"], "DescribeParameters");
      const { page, next } = pageOf(allParameters(store), input);
      return { Parameters: page.map(describe), ...next };
    },
    DeleteParameter: async (input) => {
      const name = parameterName(requiredText(input, "Name"));
      if (!(await removeParameter(world, name))) {
        throw new ServiceError("ParameterNotFound", `Parameter ${name} not found.`);
      }
      return {};
    },
    DeleteParameters: async (input) => {
      const names = readNames(input);
      const deleted = await Promise.all(names.map((name) => removeParameter(world, parameterName(name))));
      return {
        DeletedParameters: names.filter((_name, index) => deleted[index]),
        InvalidParameters: names.filter((_name, index) => !deleted[index]),
      };
    },
  };
}

/** Removes a parameter with its versions; returns whether it was there. */
export async function removeParameter({ store }: World, name: string): Promise<boolean> {
  return store.transaction(() => {
    const there = findParameter(store, name) !== undefined;
    store.statement("DELETE FROM ssm_parameter WHERE name = ?").run(name);
    return there;
  });
}

function findAt({ store }: World, given: string): Parameter | undefined {
  try {
    return requestedParameter(store, given);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function readNames(input: Members): readonly string[] {
  const names = (Array.isArray(input["Names"]) ? input["Names"] : []) as readonly string[];
  if (names.length >= 1 && names.length <= MOST_NAMES) return [...new Set(names)];
  throw invalid(
    `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and ${MOST_NAMES}`,
  );
}

/** The parameters under a path: of its level, or of every one below. @throws ValidationException for a path without its first slash */
function below(parameters: readonly Parameter[], path: string, recursive: boolean): readonly Parameter[] {
  if (!path.startsWith("/")) throw invalid(`The path ${path} must begin with a slash.`);
  const beginning = path.endsWith("/") ? path : `${path}/`;
  return parameters.filter(({ name }) => {
    const full = beginning === "/" && !name.startsWith("/") ? `/${name}` : name;
    return full.startsWith(beginning) && (recursive || !full.slice(beginning.length).includes("/"));
  });
}

function pageOf(
  parameters: readonly Parameter[],
  input: Members,
): { readonly page: readonly Parameter[]; readonly next: { readonly NextToken?: string } } {
  const most = integerWithin(input, "MaxResults", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
  const after = Buffer.from(String(input["NextToken"] ?? ""), "base64url").toString("utf8");
  const left = parameters.filter(({ name }) => name > after);
  const page = left.slice(0, most);
  const last = page.at(-1);
  return { page, next: last && left.length > most ? { NextToken: Buffer.from(last.name).toString("base64url") } : {} };
}

function describe({
  name,
  type,
  version,
  modifiedAt,
  description,
  allowedPattern,
  tier,
  dataType,
}: Parameter): Members {
  return {
    Name: name,
    Type: type,
    Version: version,
    LastModifiedDate: modifiedAt / 1_000,
    Description: description ?? undefined,
    AllowedPattern: allowedPattern ?? undefined,
    Tier: tier,
    DataType: dataType,
  };
}
