import { type ApiAnswers, type ApiRequests, type OperationName, requestOf } from "@reliq/core/recovery";
import { connection } from "./connection.ts";

/** Why something that was asked for was not done, in the API's own words. */
export class Refused extends Error {
  readonly code: string;
  /** Of the input, where one is wrong. */
  readonly field: string | undefined;

  constructor(code: string, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** Calls an operation of a system's recovery API. @throws Refused */
export async function callApi<Name extends OperationName>(
  system: string,
  name: Name,
  input: ApiRequests[Name],
  signal?: AbortSignal,
): Promise<ApiAnswers[Name]> {
  const { method, path, body } = requestOf(name, input);
  return ask<ApiAnswers[Name]>(`/api/systems/${encodeURIComponent(system)}${path}`, { method, signal, body });
}

/** Asks for facts of the region. @throws Refused */
export async function readRegion<Answer>(path: string, signal?: AbortSignal, body?: object): Promise<Answer> {
  const request = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
  return ask<Answer>(`/api/region${path}`, { ...request, signal });
}

interface Asked {
  readonly method: string;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

async function ask<Answer>(path: string, { method, body, signal }: Asked): Promise<Answer> {
  const reached = await connection().reach(path);
  const headers = { ...reached.headers, ...(body !== undefined && { "content-type": "application/json" }) };
  const init = { method, headers, ...(body !== undefined && { body }), ...(signal && { signal }) };
  const answer = await fetch(reached.url, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refused("region-unavailable", "Nothing answers: is the region still there?");
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as Answer;
  throw refusalIn(text, answer.status);
}

function refusalIn(text: string, status: number): Refused {
  try {
    const { code = "refused", message, field } = JSON.parse(text) as Partial<Refused>;
    return new Refused(code, message ?? text, field);
  } catch {
    return new Refused("refused", `The answer was ${status}: ${text.slice(0, 500)}`);
  }
}
