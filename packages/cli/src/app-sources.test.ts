import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { appSources } from "./app-sources.ts";

/** A workspace with an app that depends on one package of it, which depends on another, and not on a third. */
function workspace(): { readonly app: string; readonly write: (path: string, text: string) => void } {
  const root = mkdtempSync(join(tmpdir(), "reliq-sources-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("package-lock.json", "{}");
  write("apps/shop/package.json", '{ "dependencies": { "near": "1.0.0" } }');
  write("apps/shop/app.ts", "new App();");
  write("packages/near/package.json", '{ "dependencies": { "far": "1.0.0" } }');
  write("packages/far/package.json", "{}");
  write("packages/far/src/index.ts", "export {};");
  write("packages/other/package.json", "{}");
  mkdirSync(join(root, "node_modules"));
  for (const name of ["near", "far", "other"])
    symlinkSync(join(root, "packages", name), join(root, "node_modules", name));
  return { app: join(root, "apps/shop"), write };
}

test.each([
  ["a file of the app", "apps/shop/handlers/orders.ts"],
  ["its cdk.json", "apps/shop/cdk.json"],
  ["a package that a package of the app depends on", "packages/far/src/deep/new.ts"],
  ["the lock file", "package-lock.json"],
])("an app is made from %s: a change of it shows", (_, path) => {
  const { app, write } = workspace();
  const before = appSources(app, {});
  write(path, "changed");
  expect(appSources(app, {})).not.toBe(before);
});

test.each([
  ["a test", "apps/shop/orders.test.ts"],
  ["an assembly", "apps/shop/cdk.out/manifest.json"],
  ["a hidden folder", "apps/shop/.reliq/region.db"],
  ["a package that the app does not depend on", "packages/other/src/index.ts"],
])("an app is not made from %s", (_, path) => {
  const { app, write } = workspace();
  const before = appSources(app, {});
  write(path, "changed");
  expect(appSources(app, {})).toBe(before);
});

test("a file of the same size that was written later is another one, and so is another region", () => {
  const { app } = workspace();
  const before = appSources(app, { AWS_REGION: "us-east-1" });
  expect(appSources(app, { AWS_REGION: "us-east-1", LANG: "de" })).toBe(before);
  expect(appSources(app, { AWS_REGION: "eu-west-1" })).not.toBe(before);
  utimesSync(join(app, "app.ts"), new Date(), new Date(Date.now() + 5_000));
  expect(appSources(app, { AWS_REGION: "us-east-1" })).not.toBe(before);
});
