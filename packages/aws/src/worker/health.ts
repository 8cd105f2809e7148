import { createServer } from "node:http";

/** Whether a worker can receive. */
export interface Health {
  received(): void;
  failed(): void;
  stop(): Promise<void>;
}

/** Answers `GET /health` with 200 while the last receive went well, else 503; without a port it only listens to what it is told. */
export async function startHealth(port: number | undefined): Promise<Health> {
  let receiving = true;
  const told = {
    received: () => {
      receiving = true;
    },
    failed: () => {
      receiving = false;
    },
  };
  if (port === undefined) return { ...told, stop: async () => {} };
  const server = createServer((request, response) => {
    const found = request.method === "GET" && request.url === "/health";
    response.writeHead(found ? (receiving ? 200 : 503) : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ? { receiving } : { error: "GET /health" }));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, resolve));
  return {
    ...told,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
