// Type-checks every package and app with its own tsconfig, so that each sees only the libraries it may use.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const projects = ["packages", "apps"]
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(`${folder}/tsconfig.json`));

let failed = false;
for (const project of [...projects, "."]) {
  const result = spawnSync("tsc", ["--project", project, "--pretty", "false"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
