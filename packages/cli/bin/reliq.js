#!/usr/bin/env node
// Plain JavaScript that any Node from 18 on reads: finds the Node that Reliq needs, and runs the command under it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NEEDED_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));

function bundledNode() {
  const name = process.platform === "win32" ? "node.cmd" : "node";
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", ".bin", name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

const current = Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR;
const built = join(here, "..", "dist", "main.js");
// This very process can be the command where nothing has to be told to another Node: that is a start less.
if (current && existsSync(built)) await import(pathToFileURL(built).href);
else startAnother();

function startAnother() {
  const node = current ? process.execPath : bundledNode();
  if (node === undefined) {
    console.error(
      `Reliq needs Node ${NEEDED_MAJOR} and this is ${process.version}. It comes with the project: run \`npm ci\` (optional dependencies included), or install Node ${NEEDED_MAJOR}.`,
    );
    process.exit(1);
  }
  const source = ["--conditions=@reliq/source", "--disable-warning=ExperimentalWarning", join(here, "../src/main.ts")];
  const args = [...(existsSync(built) ? [built] : source), ...process.argv.slice(2)];
  if (process.execve && process.platform !== "win32") {
    process.removeAllListeners("warning");
    process.execve(node, [node, ...args], process.env);
  }
  // Older Node cannot become another program: it stays as the parent, and its child ends when it is gone (see main.ts).
  const child = spawn(node, args, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  // Ctrl-C reaches the child through the terminal; a signal sent to this process alone is passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
