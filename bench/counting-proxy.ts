import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What functions have asked of AWS's services so far. */
interface Counted {
  /** By service and action, `DynamoDB.PutItem`. */
  readonly requests: Record<string, number>;
  writeUnits: number;
  readUnits: number;
  /** Entries of PutEvents. */
  events: number;
}

/** A proxy to a region that counts what passes it, and DynamoDB's units. */
export interface CountingProxy {
  readonly endpoint: string;
  readonly counted: Counted;
  readonly end: () => void;
}

/** Starts a proxy in front of a region. */
export async function startCountingProxy(region: string): Promise<CountingProxy> {
  const counted: Counted = { requests: {}, writeUnits: 0, readUnits: 0, events: 0 };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { headers, method = "POST", url = "/" } = request;
    const given = Buffer.concat(parts).toString();
    const action = actionOf(headers, given);
    const body = withUnits(action, given);
    const answer = await fetch(region + url, { method, headers: passedOn(headers), ...(method !== "GET" && { body }) });
    const text = await answer.text();
    count(counted, action, body, text);
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, counted, end: () => server.close() };
}

/** `DynamoDB_20120810.PutItem` is `DynamoDB.PutItem`; what has no target names its action in the body, and its service where it is signed. */
function actionOf(headers: IncomingHttpHeaders, body: string): string {
  const target = headers["x-amz-target"];
  if (target !== undefined) return String(target).replace(/_\d+\./, ".");
  const [, service] = /Credential=[^/]+\/\d+\/[\w-]+\/(\w+)\//.exec(headers.authorization ?? "") ?? [];
  const [, action] = /(?:^|&)Action=(\w+)/.exec(body) ?? [];
  return service && action ? `${service.toUpperCase()}.${action}` : "unknown";
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const { host: _, "content-length": _length, connection: _connection, ...others } = headers;
  return others as Record<string, string>;
}

/** What DynamoDB is asked, with the question how many units it takes; nobody checks the signature. */
function withUnits(action: string, body: string): string {
  if (!action.startsWith("DynamoDB.")) return body;
  return JSON.stringify({ ...JSON.parse(body), ReturnConsumedCapacity: "TOTAL" });
}

const READS = ["DynamoDB.BatchGetItem", "DynamoDB.GetItem", "DynamoDB.Query", "DynamoDB.Scan"];

function count(counted: Counted, action: string, body: string, answer: string): void {
  counted.requests[action] = (counted.requests[action] ?? 0) + 1;
  if (action.endsWith(".PutEvents")) counted.events += (JSON.parse(body) as { Entries: unknown[] }).Entries.length;
  if (!action.startsWith("DynamoDB.")) return;
  const { ConsumedCapacity = [] } = JSON.parse(answer) as { ConsumedCapacity?: Units | readonly Units[] };
  const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  if (READS.includes(action) || /"Statement":\s*"SELECT/i.test(body)) counted.readUnits += units;
  else counted.writeUnits += units;
}

interface Units {
  readonly CapacityUnits?: number;
}
