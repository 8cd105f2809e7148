import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type ConsoleConfig, configuredPage, contentPolicy } from "@reliq/core/recovery";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The built console as the construct Console serves it: static files, its config beside them, and its policy. */
export interface Site {
  readonly url: string;
  /** What its `config.json` is from now on. */
  readonly configure: (config: ConsoleConfig) => void;
  readonly end: () => void;
}

/** Serves the built console on this machine as CloudFront would. */
export async function serveSite(files: string): Promise<Site> {
  let config: ConsoleConfig | undefined;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    const { systems = [], signIn, regionApi } = config ?? {};
    const apis = [...systems.map(({ api }) => api), ...(regionApi === undefined ? [] : [regionApi])];
    const connect = ["'self'", ...apis, ...(signIn ? [new URL(signIn.tokenUrl).origin] : [])];
    response.setHeader(
      "content-security-policy",
      contentPolicy(connect.map((each) => each.replace(/(:\d+)\/.*/, "$1"))),
    );
    if (pathname === "/config.json") return response.end(JSON.stringify(config));
    const file = join(files, pathname);
    const isFile = TYPES[extname(pathname)] !== undefined && existsSync(file);
    response.setHeader("content-type", isFile ? (TYPES[extname(pathname)] ?? "") : "text/html");
    return response.end(
      isFile ? readFileSync(file) : configuredPage(readFileSync(join(files, "index.html"), "utf8"), connect),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    configure: (given) => (config = given),
    end: () => server.close(),
  };
}
