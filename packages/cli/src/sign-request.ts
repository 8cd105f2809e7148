import { LambdaClient } from "@aws-sdk/client-lambda";
import type { StageSettings } from "./gameday/game-day.ts";

/** A request that is signed: its body is text. */
interface SignedRequest {
  readonly url: URL;
  readonly method: string;
  readonly body?: string;
  /** The service's signing name: `execute-api`. */
  readonly service: string;
  /** Whose credentials, and for which region; what is left out the SDK's own chain finds. */
  readonly settings: Omit<StageSettings, "endpoint">;
}

/** The headers of a request, with an AWS signature (Signature Version 4). */
export async function signRequest(request: SignedRequest): Promise<Record<string, string>> {
  const { url, method, body, service, settings } = request;
  const { region, signer } = new LambdaClient(settings).config;
  const scheme = { name: "sigv4", signingName: service, signingRegion: await region(), properties: {} };
  const { sign } = await signer(scheme).then((each) => ({ sign: each.sign.bind(each) }));
  const signed = await sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body }),
    ...(url.port !== "" && { port: Number(url.port) }),
  });
  return signed.headers;
}
