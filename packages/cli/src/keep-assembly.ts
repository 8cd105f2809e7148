import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { appSources } from "./app-sources.ts";
import { CommandError } from "./command-error.ts";
import { inParts } from "./in-parts.ts";
import { synthesize } from "./synthesize.ts";

/** Where it is written, inside an assembly, what the assembly was made from. */
const SOURCES = "reliq-sources";

/** Which apps' assemblies are kept, and where. */
export interface KeptAssemblies {
  readonly apps: readonly string[];
  /** Context values over those of the apps' cdk.json. */
  readonly context: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** How many apps are synthesized at once: each takes a core. */
const AT_ONCE = 2;

/**
 * Brings the assemblies of apps up to date in a folder and gives back the assembly to run: of one app its own, of several one that holds
 * theirs. An app is synthesized only where something has changed since that its assembly is made from. `made` is told of each that was.
 * @throws CommandError with what the app's `cdk` command printed, or for two apps of one name
 */
export async function keepAssemblies(
  { apps, context, folder }: KeptAssemblies,
  made: (app: string, seconds: number) => void,
): Promise<string> {
  const keep = async (app: string, assembly: string): Promise<string> => {
    const seconds = await bringUpToDate(app, context, assembly);
    if (seconds > 0) made(app, seconds);
    return assembly;
  };
  const [first = "."] = apps;
  if (apps.length === 1) return keep(first, folder);
  const names = apps.map((app) => basename(resolve(app)));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new CommandError(`Two of the apps are in folders of the name ${twice}: run one of them by itself.`);
  }
  await inParts(apps, AT_ONCE, (app) => keep(app, join(folder, basename(resolve(app)))));
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifestOf(names, folder)));
  return folder;
}

/** Gives back how many seconds it took; 0 where nothing had to be done. */
async function bringUpToDate(
  app: string,
  context: Readonly<Record<string, string>>,
  assembly: string,
): Promise<number> {
  const sources = `${appSources(app)} ${JSON.stringify(context)}`;
  const noted = join(assembly, SOURCES);
  if (existsSync(noted) && readFileSync(noted, "utf8") === sources) return 0;
  const began = performance.now();
  rmSync(assembly, { recursive: true, force: true });
  mkdirSync(assembly, { recursive: true });
  await synthesize(app, assembly, context);
  // Written last: what was cut off is made anew.
  writeFileSync(noted, sources);
  return (performance.now() - began) / 1_000;
}

/** An assembly of nothing but nested ones, as a CDK stage is one. */
function manifestOf(names: readonly string[], folder: string): object {
  const versions = names.map((name) => versionOf(join(folder, name, "manifest.json")));
  const artifacts = names.map((name) => [
    name,
    { type: "cdk:cloud-assembly", properties: { directoryName: name, displayName: name } },
  ]);
  return {
    version: versions.toSorted((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))[0],
    artifacts: Object.fromEntries(artifacts),
  };
}

function versionOf(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
}
