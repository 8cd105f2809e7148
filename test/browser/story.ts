import type { FailurePage } from "@reliq/core/recovery";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openTab } from "./browser.ts";
import type { Stage } from "./stage.ts";

/** What the stories are told on. */
export interface Given {
  readonly stage: Stage;
  readonly browser: Browser;
}

const LONG_MS = 240_000;

/** Runs a story in a tab of its own, and fails it for anything that the page complained of. */
export function story(name: string, given: () => Given, tell: (page: Page, stage: Stage) => Promise<void>): void {
  test(
    name,
    async () => {
      const { stage, browser } = given();
      const { page, problems } = await openTab(browser, stage.console);
      try {
        await tell(page, stage);
        expect(problems).toEqual([]);
      } catch (error) {
        await page.screenshot({
          path: `test/browser/screenshots/failed-${name.replaceAll(/\W+/g, "-").slice(0, 80)}.png`,
        });
        throw error;
      } finally {
        await page.context().close();
      }
    },
    LONG_MS,
  );
}

/** Waits until messages have failed and are in a state; gives their ids. */
export async function untilState(
  stage: Stage,
  system: string,
  lineages: readonly string[],
  state: string,
): Promise<readonly string[]> {
  const path = `/api/systems/${system}/failures?state=${state}&limit=200`;
  let found: readonly string[] = [];
  await expect
    .poll(
      async () => {
        const { failures } = await stage.call<FailurePage>("GET", path);
        found = failures.filter(({ lineage }) => lineages.includes(lineage)).map(({ id }) => id);
        return found.length;
      },
      { timeout: 90_000, interval: 300 },
    )
    .toBe(lineages.length);
  return found;
}

let orders = 0;

/** An order of apps/self-healing that is like no other. */
export function order(): { orderId: string; customerId: string; amount: number } {
  orders += 1;
  return { orderId: `browser-${orders}`, customerId: "customer-1", amount: 10 };
}

/** An order of apps/ordered-trading that is like no other. */
export function trade(): { orderId: string; orderType: string; amount: number; symbol: string; timestamp: string } {
  orders += 1;
  return { orderId: `trade-${orders}`, orderType: "BUY", amount: 5, symbol: "ACME", timestamp: "2026-01-31T12:00:00Z" };
}
