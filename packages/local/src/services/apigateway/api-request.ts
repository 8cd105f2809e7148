import type { PathRequest } from "../../kernel/protocol/rest.ts";

/** A request to an API, read once. */
export interface ApiRequest {
  readonly method: string;
  /** Decoded, without the API's own prefix, with the stage: HTTP APIs decode paths before anyone sees them. */
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** By lower-case name; several values are joined by commas, and cookies are apart. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly sourceIp: string;
  readonly body: Buffer;
}

/** Headers of one connection, not of the request. */
const OF_THE_CONNECTION: readonly string[] = ["connection", "keep-alive", "transfer-encoding", "upgrade"];

/** Reads a request. @param rawPath decoded, without the API's own prefix */
export function readRequest(request: PathRequest, rawPath: string, body: Buffer): ApiRequest {
  const headers = new Map<string, string[]>();
  const cookies: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = String(request.rawHeaders[at]).toLowerCase();
    const value = String(request.rawHeaders[at + 1]);
    if (name === "cookie") cookies.push(...value.split(";").map((each) => each.trim()));
    else if (!OF_THE_CONNECTION.includes(name)) headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return {
    method: request.method,
    rawPath,
    rawQueryString: request.search,
    headers: { ...joined(headers), ...forwarded(request, headers) },
    cookies,
    query: joined(valuesByName(new URLSearchParams(request.search))),
    sourceIp: request.remoteAddress,
    body,
  };
}

function joined(values: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  return Object.fromEntries([...values].map(([name, each]) => [name, each.join(",")]));
}

function valuesByName(search: URLSearchParams): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of search) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

function forwarded(
  { remoteAddress }: PathRequest,
  headers: ReadonlyMap<string, readonly string[]>,
): Record<string, string> {
  const port = headers.get("host")?.[0]?.split(":")[1] ?? "80";
  return {
    "x-forwarded-for": [...(headers.get("x-forwarded-for") ?? []), remoteAddress].join(", "),
    "x-forwarded-port": port,
    "x-forwarded-proto": "http",
  };
}
