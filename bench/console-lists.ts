import type { Browser, Page } from "playwright-core";
import { median } from "./compare.ts";

/** What a person waits for; milliseconds until it is painted, the slowest of its kind, medians of several. */
export interface ListTimes {
  /** From an empty tab and cache to the first failures. */
  readonly firstListMs: number;
  /** From another page of the console to the first failures. */
  readonly listMs: number;
  /** From the filter to what it finds, the slowest filter. */
  readonly filterMs: number;
  /** The same, of a filter that nothing passes. */
  readonly nothingFoundMs: number;
}

const ROUNDS = 7;

const ADDRESS = "/failures?system=self-healing";

const EMPTY = "No failure is like this.";

/** Watches in the page itself from when something is asked for until it is painted: whoever asks from outside would be late. */
const WATCH = `
  const links = () => [...document.querySelectorAll('table a[href^="/failures/"]')];
  const isEmpty = () => document.body?.textContent.includes(${JSON.stringify(EMPTY)});
  const look = (began) => {
    const found = links();
    const fresh = found.length > 0 && found.every((link) => link.dataset.before === undefined);
    if (!fresh && !isEmpty()) return requestAnimationFrame(() => look(began));
    requestAnimationFrame(() => setTimeout(() => { window.listedMs = performance.now() - began; }));
  };
  window.watchList = () => {
    for (const link of links()) link.dataset.before = "";
    window.listedMs = undefined;
    look(performance.now());
  };
  addEventListener("keydown", (event) => { if (event.key === "Enter") window.watchList(); }, true);
  look(0);
`;

const LISTED = `new Promise((resolve) => {
  const look = () => (window.listedMs === undefined ? setTimeout(look, 20) : resolve(window.listedMs));
  look();
})`;

/** Times lists and filters; `middle` is when half of the history had been captured, milliseconds since the Unix epoch. */
export async function measureLists(browser: Browser, address: string, middle: number): Promise<ListTimes> {
  const firstListMs = await repeat("first list", async () => {
    const page = await openPage(browser, address);
    await page.goto(ADDRESS);
    return close(page, await listed(page));
  });
  const listMs = await repeat("list", async () => {
    const page = await openPage(browser, address);
    await page.goto("/queues");
    await page.getByRole("link", { name: "self-healing-orders" }).first().waitFor();
    await page.evaluate("window.watchList(), document.querySelector('nav a[href=\"/failures\"]').click()");
    return close(page, await listed(page));
  });
  const filters: number[] = [];
  for (const filter of filtersOf(middle)) {
    filters.push(await repeat(filter, () => timeFilter(browser, address, filter)));
  }
  const nothingFoundMs = await repeat("nothing", () => timeFilter(browser, address, "Error = NoSuchError"));
  return { firstListMs, listMs, filterMs: Math.max(...filters), nothingFoundMs };
}

function filtersOf(middle: number): readonly string[] {
  return [
    "State = held",
    "Category = timeout",
    "Cause of death = crashed",
    "Error = timeoutError",
    "Fingerprint = 1:2",
    "Message group = group-3",
    `Captured < ${new Date(middle).toISOString().slice(0, 16).replace("T", " ")}`,
  ];
}

async function timeFilter(browser: Browser, address: string, filter: string): Promise<number> {
  const page = await openPage(browser, address);
  await page.goto(ADDRESS);
  await listed(page);
  const input = page.getByRole("combobox", { name: "Filter failures" });
  await input.fill(filter);
  await input.press("Enter");
  return close(page, await listed(page));
}

async function openPage(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  return page;
}

async function listed(page: Page): Promise<number> {
  return Number(await page.evaluate(LISTED));
}

async function close(page: Page, ms: number): Promise<number> {
  await page.context().close();
  return ms;
}

async function repeat(name: string, measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  while (times.length < ROUNDS) times.push(await measure());
  const [least, most] = [Math.min(...times), Math.max(...times)];
  console.error(`${name.padEnd(36)} ${median(times).toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)})`);
  return Math.round(median(times));
}
