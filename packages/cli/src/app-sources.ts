import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Folders that no assembly is made from. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "build",
  "cdk.out",
  "coverage",
  "dist",
  "node_modules",
  "test",
  "testing",
]);

/** Variables that an app may read while it is synthesized. */
const VARIABLES = /^(AWS_(ACCOUNT|DEFAULT_REGION|PROFILE|REGION)|CDK_)/;

/**
 * A text that changes when something changes that an app's assembly is made from: its own files, those of the workspace's packages that it
 * depends on (a file's size and time of change stand for it), the lock file, and what the CDK reads of the environment.
 */
export function appSources(app: string, environment: NodeJS.ProcessEnv = process.env): string {
  const hash = createHash("sha256");
  const folder = resolve(app);
  const modules = nearestModules(folder);
  for (const each of [folder, ...linkedPackages(folder, modules)].sort()) addFolder(hash, each);
  if (modules !== undefined) addFile(hash, join(dirname(modules), "package-lock.json"));
  for (const name of Object.keys(environment)
    .filter((each) => VARIABLES.test(each))
    .sort()) {
    hash.update(`${name}=${environment[name]}\n`);
  }
  return hash.digest("hex");
}

function addFolder(hash: ReturnType<typeof createHash>, folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory()) addFolder(hash, join(folder, entry.name));
    else if (!/\.test\.[cm]?[jt]sx?$/.test(entry.name)) addFile(hash, join(folder, entry.name));
  }
}

function addFile(hash: ReturnType<typeof createHash>, file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) hash.update(`${file} ${found.size} ${found.mtimeMs}\n`);
}

/** The packages of the workspace that a folder's package depends on, and those that they depend on. */
function linkedPackages(folder: string, modules: string | undefined): readonly string[] {
  const found = new Set<string>();
  const visit = (each: string): void => {
    for (const name of dependenciesOf(each)) {
      const path = modules === undefined ? "" : join(modules, name);
      const real = existsSync(path) ? realpathSync(path) : path;
      if (real === path || found.has(real)) continue;
      found.add(real);
      visit(real);
    }
  };
  visit(folder);
  return [...found];
}

function dependenciesOf(folder: string): readonly string[] {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return [];
  const { dependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly dependencies?: object;
  };
  return Object.keys(dependencies);
}

function nearestModules(folder: string): string | undefined {
  for (let each = folder; ; each = dirname(each)) {
    const modules = join(each, "node_modules");
    if (existsSync(modules)) return realpathSync(modules);
    if (each === dirname(each)) return undefined;
  }
}
