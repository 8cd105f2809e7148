import { createServer } from "node:http";

/**
 * A DynamoDB that says yes to everything and stores nothing, in the process that this file starts: `port` is its argument. What
 * a client's own work costs shows against it.
 */
const [port] = process.argv.slice(2);

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const answer = answerOf(String(request.headers["x-amz-target"]), Buffer.concat(chunks).toString());
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": answer.length });
    response.end(answer);
  });
}).listen(Number(port), "127.0.0.1");

function answerOf(target: string, body: string): string {
  if (!target.endsWith(".BatchExecuteStatement")) return "{}";
  const { Statements } = JSON.parse(body) as { Statements: readonly unknown[] };
  return JSON.stringify({ Responses: Statements.map(() => ({ TableName: "journal" })) });
}
