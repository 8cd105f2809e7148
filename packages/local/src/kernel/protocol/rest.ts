import type { IncomingHttpHeaders } from "node:http";
import type { RequestContext } from "../service.ts";
import { ServiceError } from "../service-error.ts";

export interface RestRequest {
  readonly method: string;
  /** Path parameters by name, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RestAnswer {
  readonly status: number;
  /** A header with several values is sent as often. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** A request as it came, for a service that serves paths of its own. */
export interface PathRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  /** What is behind the `?`, or nothing. */
  readonly search: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly remoteAddress: string;
  /** Undefined where it is larger than the region reads. */
  readonly body: Buffer | undefined;
}

export interface RestRoute {
  readonly method: string;
  /** `/2015-03-31/functions/{FunctionName}`; a last part `{Key+}` takes the rest of the path. */
  readonly path: string;
  /** The action's name, for the reference and for refusals. */
  readonly action: string;
  readonly handle: (request: RestRequest, context: RequestContext) => RestAnswer | Promise<RestAnswer>;
}

/** The parameters of a path that fits a route's pattern, or undefined. @throws InvalidURI where it is not percent-encoded UTF-8 */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)(\+?)\}$/.exec(part);
    if (name?.[2] === "+") {
      parameters[name[1] ?? ""] = decode(given.slice(index).join("/"));
      return given.length > index ? parameters : undefined;
    }
    const value = given[index];
    if (value === undefined || (name ? value === "" : value !== part)) return undefined;
    if (name) parameters[name[1] ?? ""] = decode(value);
  }
  return given.length === wanted.length ? parameters : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.", { cause });
  }
}
