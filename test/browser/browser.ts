import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { SCREENSHOTS } from "./stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The widths at which each page is looked at, CSS pixels. */
const WIDTHS = [1280, 390] as const;

/** The most that a screenshot shows, CSS pixels. */
const TALLEST = 3_000;

const PATIENCE_MS = 30_000;

/** Opens a tab in which nothing may go wrong unseen: each error of the page, and each thing that its policy refused, fails the story that opened it. */
export async function openTab(browser: Browser, address: string): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  return { page, problems };
}

/** Writes how a page looks in light and dark, wide and narrow; in both colours it has no violation that axe knows, and nothing sticks out of it. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    const choose = page.getByRole("button", { name: `Show in ${theme} colours` });
    if ((await choose.count()) > 0) await choose.click();
    await settled(page);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
      await page.setViewportSize({ width, height: Math.min(Math.max(height, 900), TALLEST) });
      await expect.poll(() => page.evaluate("innerWidth")).toBe(width);
      await page.screenshot({ path: `${SCREENSHOTS}/${name}-${theme}-${width}.png`, animations: "disabled" });
      const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
      expect(`${name} at ${width}: ${wide}`).toBe(`${name} at ${width}: ${Math.min(wide, width)}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.mouse.move(0, 0);
    expect(await violations(page), `${name} in ${theme}`).toEqual([]);
  }
}

/** Waits until nothing is being read: no spinner, and nothing that is still loading. */
async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator("[class*=awsui_spinner]").count(), { timeout: PATIENCE_MS }).toBe(0);
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return (await axe.run()).violations;
  });
  return results.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 300)).join(" | ")}`);
}
