import type { Members } from "../service.ts";
import type { ServiceError } from "../service-error.ts";
import { Timestamp } from "../timestamp.ts";

/** How a structure's members are written on the Query protocol; a member that is not named is a plain text. */
export interface QueryShape {
  /** Members that are numbers. */
  readonly numbers?: readonly string[];
  /** Members that are true or false. */
  readonly booleans?: readonly string[];
  /** Members that are nested structures. */
  readonly structures?: Readonly<Record<string, QueryShape>>;
  /**
   * Lists: the name on the wire, and the element's shape where it is a structure. They are flattened (`Name.1`, `Name.2`) unless
   * `wrapped`: then an element of the member's own name holds them (`Names.member.1`, `<Names><member>…`).
   */
  readonly lists?: Readonly<
    Record<string, { readonly wire: string; readonly wrapped?: boolean; readonly element?: QueryShape }>
  >;
  /** Maps (`Attribute.1.Name`, `Attribute.1.Value`): names on the wire, and the value's shape where it is a structure; `wrapped` as lists are. */
  readonly maps?: Readonly<Record<string, QueryMap>>;
}

interface QueryMap {
  readonly wire: string;
  readonly wrapped?: boolean;
  readonly key: string;
  readonly value: string;
  readonly element?: QueryShape;
}

/** For each action, the shapes of its input and its result. */
export type QueryShapes = Readonly<Record<string, { readonly input?: QueryShape; readonly output?: QueryShape }>>;

type Tree = { [key: string]: Tree | string };

/** Reads a form into the members that the JSON protocol would have sent. */
export function parseQuery(form: URLSearchParams, shape: QueryShape = {}): Members {
  const tree: Tree = {};
  for (const [path, value] of form) {
    if (path === "Action" || path === "Version") continue;
    plant(tree, path.split("."), value);
  }
  return readStructure(tree, shape);
}

function plant(tree: Tree, path: readonly string[], value: string): void {
  let node = tree;
  for (const part of path.slice(0, -1)) {
    const next = node[part];
    if (typeof next === "object") node = next;
    else {
      const created: Tree = {};
      node[part] = created;
      node = created;
    }
  }
  node[path.at(-1) ?? ""] = value;
}

function readStructure(tree: Tree, shape: QueryShape): Members {
  const members: Members = {};
  const left = { ...tree };
  for (const [name, list] of Object.entries(shape.lists ?? {})) {
    const entries = takeEntries(left, name, list);
    if (entries) members[name] = entries.map((entry) => readValue(entry, list.element));
  }
  for (const [name, map] of Object.entries(shape.maps ?? {})) {
    const entries = takeEntries(left, name, map);
    if (!entries) continue;
    members[name] = Object.fromEntries(
      entries
        .filter((entry): entry is Tree => typeof entry === "object")
        .map((entry) => [String(entry[map.key] ?? ""), readValue(entry[map.value] ?? "", map.element)]),
    );
  }
  for (const [name, value] of Object.entries(left)) members[name] = readMember(name, value, shape);
  return members;
}

/** Takes a list's or a map's entries out of a structure; an empty one that is wrapped is sent as an empty text. */
function takeEntries(
  left: Tree,
  name: string,
  { wire, wrapped = false }: { readonly wire: string; readonly wrapped?: boolean },
): (Tree | string)[] | undefined {
  const holder = wrapped ? left[name] : left;
  const found = typeof holder === "object" ? holder[wire] : undefined;
  if (found === undefined && holder !== "") return undefined;
  delete left[wrapped ? name : wire];
  return found === undefined ? [] : numbered(found);
}

function readMember(name: string, value: Tree | string, shape: QueryShape): unknown {
  if (typeof value === "object") return readStructure(value, shape.structures?.[name] ?? {});
  if (shape.numbers?.includes(name)) return Number(value);
  if (shape.booleans?.includes(name)) return value === "true";
  return value;
}

function readValue(value: Tree | string, element: QueryShape | undefined): unknown {
  if (element === undefined) return value;
  return typeof value === "string" ? value : readStructure(value, element);
}

function numbered(value: Tree | string): (Tree | string)[] {
  if (typeof value === "string") return [value];
  return Object.keys(value)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => value[key] ?? "");
}

/**
 * Writes an action's result as the Query protocol's XML: an action that has a shape answers an empty result too, which older
 * clients look for, and one that never says anything has no result.
 */
export function queryAnswer(
  namespace: string,
  action: string,
  output: Members,
  shape: QueryShape,
  requestId: string,
): string {
  const result = writeStructure(output, shape);
  return (
    `<?xml version="1.0"?><${action}Response xmlns="${namespace}">` +
    (result === "" && Object.keys(shape).length === 0 ? "" : `<${action}Result>${result}</${action}Result>`) +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  );
}

/** Writes an error as the Query protocol's XML. */
export function queryError(namespace: string, error: ServiceError, requestId: string): string {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  return (
    `<?xml version="1.0"?><ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type>` +
    `<Code>${escapeXml(error.queryCode)}</Code><Message>${escapeXml(error.message)}</Message><Detail/></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function writeStructure(members: Members, shape: QueryShape): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => writeMember(name, value, shape))
    .join("");
}

function writeMember(name: string, value: unknown, shape: QueryShape): string {
  const list = shape.lists?.[name];
  if (list) {
    const entries = (value as unknown[]).map((entry) => element(list.wire, writeValue(entry, list.element))).join("");
    return list.wrapped ? element(name, entries) : entries;
  }
  const map = shape.maps?.[name];
  if (map) {
    const entries = Object.entries(value as Members)
      .map(([key, entry]) =>
        element(map.wire, element(map.key, escapeXml(key)) + element(map.value, writeValue(entry, map.element))),
      )
      .join("");
    return map.wrapped ? element(name, entries) : entries;
  }
  return element(name, writeValue(value, shape.structures?.[name]));
}

function writeValue(value: unknown, shape: QueryShape | undefined): string {
  return typeof value === "object" && value !== null && !(value instanceof Timestamp)
    ? writeStructure(value as Members, shape ?? {})
    : escapeXml(String(value));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
  "\n": "&#xA;",
};

/** Escapes a text for XML, line ends included, so that a parser gives back the same bytes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n]/g, (character) => XML_ESCAPES[character] ?? character);
}
