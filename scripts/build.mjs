// Builds every package into build/packages/<name>, as it is published (what its entries reach, as JavaScript and declarations),
// and checks that what is published can be used as its package.json says.
// The sources' own folders stay without `dist`: a command there would run what was built once and not what is written now.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = fileURLToPath(new URL("..", import.meta.url));
const build = `${root}build`;

/** Entries that a package starts by path, and so does not export. */
const STARTED = { cli: ["./src/main.ts"], local: ["./src/runtime/bootstrap.ts"] };

const packages = readdirSync(`${root}packages`).map((folder) => {
  const manifest = JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, "utf8"));
  return { folder, manifest };
});

function stage({ folder, manifest }) {
  const target = `${build}/packages/${folder}`;
  cpSync(`${root}packages/${folder}`, target, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist|test)$/.test(path),
  });
  const exported = Object.values(manifest.exports ?? {}).flatMap((entry) => entry["@reliq/source"] ?? []);
  const files = [...exported, ...(STARTED[folder] ?? [])];
  const config = {
    extends: "./tsconfig.json",
    compilerOptions: {
      noEmit: false,
      customConditions: [],
      rootDir: files.some((file) => !file.startsWith("./src/")) ? "." : "src",
      outDir: "dist",
    },
    include: ["src/**/*.d.ts"],
    files,
  };
  writeFileSync(`${target}/tsconfig.build.json`, JSON.stringify(config));
}

/** Dependencies as installed, but the packages of this workspace as built. */
function linkModules() {
  mkdirSync(`${build}/node_modules/@reliq`, { recursive: true });
  const ours = new Set(["@reliq", ...packages.map(({ manifest }) => manifest.name)]);
  for (const name of readdirSync(`${root}node_modules`)) {
    if (!ours.has(name)) symlinkSync(`${root}node_modules/${name}`, `${build}/node_modules/${name}`, "junction");
  }
  for (const { folder, manifest } of packages) {
    symlinkSync(`${build}/packages/${folder}`, `${build}/node_modules/${manifest.name}`, "junction");
  }
}

/** Packages after those that they depend on. */
function inOrder() {
  const left = new Map(packages.map((each) => [each.manifest.name, each]));
  const ordered = [];
  while (left.size > 0) {
    const next = [...left.values()].find(({ manifest }) =>
      Object.keys(manifest.dependencies ?? {}).every((name) => !left.has(name)),
    );
    if (!next) throw new Error(`These packages depend on each other in a circle: ${[...left.keys()].join(", ")}`);
    left.delete(next.manifest.name);
    ordered.push(next);
  }
  return ordered;
}

rmSync(build, { recursive: true, force: true });
for (const each of packages) stage(each);
cpSync(`${root}tsconfig.base.json`, `${build}/tsconfig.base.json`);
linkModules();
for (const { folder } of inOrder()) {
  const { status } = spawnSync("tsc", ["--project", `${build}/packages/${folder}/tsconfig.build.json`], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(1);
}
const pages = spawnSync(process.execPath, [`${root}scripts/build-console.mjs`, `${build}/packages/console/dist/app`], {
  stdio: "inherit",
});
if (pages.status !== 0) process.exit(1);
const reports = await Promise.all(packages.map(lintPackage));
for (const report of reports.flat()) console.error(report);
process.exitCode = reports.flat().length > 0 ? 1 : 0;

async function lintPackage({ folder, manifest }) {
  const { messages, pkg } = await publint({ pkgDir: `${build}/packages/${folder}`, strict: true });
  return messages.map((message) => `${manifest.name}: ${formatMessage(message, pkg)}`);
}
