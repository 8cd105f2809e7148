import { createServer } from "node:http";
import { onTestFinished } from "vitest";

/** The address of what answers as AWS does, until the test ends: behind it is a region whose own actions and addresses it does not know. */
export async function likeAws(endpoint: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (target.includes("Reliq") || request.url?.startsWith("/_reliq")) {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: "com.amazon.coral.service#UnknownOperationException" }));
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { host: _, "content-length": __, connection: ___, ...headers } = request.headers;
    const answer = await fetch(new URL(request.url ?? "/", endpoint), {
      method: request.method ?? "POST",
      headers: headers as Record<string, string>,
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { readonly port: number }).port}`;
}
