import { readFileSync, statSync } from "node:fs";
import { extname, join, normalize, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { contentPolicy } from "@reliq/core/recovery";
import { type Answer, json } from "./send-answer.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

const POLICY = contentPolicy(["'self'"]);

/** Serves the console's built files; every path that is no file is a page of it. */
export function staticFiles(root: string): (method: string, path: string) => Answer {
  const packed = new Map<string, Buffer>();
  return (method, path) => {
    if (method !== "GET" && method !== "HEAD") return json({ code: "method-unknown", message: "Only GET." }, 405);
    const file = fileOf(root, path);
    if (file === undefined && path.startsWith("/assets/")) {
      return json({ code: "path-unknown", message: `There is no ${path}.` }, 404);
    }
    return answerFile(file ?? join(root, "index.html"), packed);
  };
}

function fileOf(root: string, path: string): string | undefined {
  const file = normalize(join(root, path));
  if (!file.startsWith(root + sep) || TYPES[extname(file)] === undefined) return undefined;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

function answerFile(file: string, packed: Map<string, Buffer>): Answer {
  const isPage = file.endsWith(".html");
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  // Vite writes what a file holds into its name: it never changes.
  const caching = isPage ? "no-cache" : "public, max-age=31536000, immutable";
  const headers = { "cache-control": caching, ...(isPage && { "content-security-policy": POLICY }) };
  if (type.startsWith("font/")) return { status: 200, type, body: readFileSync(file), headers };
  const body = (!isPage && packed.get(file)) || gzipSync(readFileSync(file), { level: 9 });
  packed.set(file, body);
  return { status: 200, type, body, headers: { ...headers, "content-encoding": "gzip" } };
}
