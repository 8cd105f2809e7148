import { readFileSync } from "node:fs";

/** A schema, as far as the documents of the apps use JSON Schema. */
interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly type?: "array" | "boolean" | "integer" | "number" | "object" | "string";
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly "application/json": { readonly schema: Schema } } }>
  >;
}

/** An OpenAPI document. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Reads a document. */
export function readOpenApi(file: string): OpenApi {
  return JSON.parse(readFileSync(file, "utf8")) as OpenApi;
}

/** What of an answer is not as its document says, each with its place; none where all of it is. */
export function problemsOf(
  document: OpenApi,
  answer: { readonly method: string; readonly path: string; readonly status: number; readonly body: unknown },
): readonly string[] {
  const { method, path, status, body } = answer;
  const response = document.paths[path]?.[method.toLowerCase()]?.responses[status];
  if (!response) return [`${method} ${path} says nothing of ${status}`];
  return check(document, response.content["application/json"].schema, body, `${method} ${path} ${status}: body`);
}

function check(document: OpenApi, schema: Schema, value: unknown, place: string): readonly string[] {
  if (schema.$ref) {
    const named = document.components.schemas[schema.$ref.replace("#/components/schemas/", "")];
    return named ? check(document, named, value, place) : [`${place}: there is no ${schema.$ref}`];
  }
  if (schema.oneOf) {
    const fitting = schema.oneOf.filter((each) => check(document, each, value, place).length === 0);
    return fitting.length === 1 ? [] : [`${place} fits ${fitting.length} of ${schema.oneOf.length}`];
  }
  if (schema.type && !isOfType(value, schema.type)) return [`${place} is no ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${place} is ${JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => check(document, schema.items ?? {}, each, `${place}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  return checkMembers(document, schema, value as Record<string, unknown>, place);
}

function checkMembers(
  document: OpenApi,
  { required = [], properties = {}, additionalProperties = true }: Schema,
  members: Readonly<Record<string, unknown>>,
  place: string,
): readonly string[] {
  const missing = required.filter((name) => !(name in members)).map((name) => `${place}.${name} is missing`);
  const wrong = Object.entries(members).flatMap(([name, value]) => {
    const schema = properties[name];
    if (schema) return check(document, schema, value, `${place}.${name}`);
    return additionalProperties ? [] : [`${place}.${name} is not in the document`];
  });
  return [...missing, ...wrong];
}

function isOfType(value: unknown, type: NonNullable<Schema["type"]>): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
