import type { FailureDetail, FailurePage } from "@reliq/core/recovery";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { inspect, openTab } from "./browser.ts";
import { HEALING, type Stage } from "./stage.ts";

/** What the stories are told on. */
export interface Given {
  readonly stage: Stage;
  readonly browser: Browser;
}

const LONG_MS = 120_000;

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
      } finally {
        await page.context().close();
      }
    },
    LONG_MS,
  );
}

/** Waits until a message has failed and is in a state; gives its id. */
export async function untilState(stage: Stage, system: string, lineage: string, state: string): Promise<string> {
  const path = `/api/systems/${system}/failures?state=${state}&limit=100`;
  let id: string | undefined;
  await expect
    .poll(
      async () => {
        const { failures } = await stage.call<FailurePage>("GET", path);
        id = failures.find((each) => each.lineage === lineage)?.id;
        return id;
      },
      { timeout: 60_000, interval: 300 },
    )
    .toBeDefined();
  return id ?? "";
}

let orders = 0;

function order(): { orderId: string; customerId: string; amount: number } {
  orders += 1;
  return { orderId: `browser-${orders}`, customerId: "customer-1", amount: 10 };
}

/** Why messages died, and what a person does about it. */
export function failureStories(given: () => Given): void {
  story("an operator finds why a message died, edits it, and sees it processed", given, async (page, stage) => {
    const { amount: _, ...incomplete } = order();
    const lineage = await stage.send(HEALING.queue, incomplete);
    await untilState(stage, HEALING.system, lineage, "archived");
    await page.goto("/failures?system=self-healing&state=archived");
    await page.getByRole("link", { name: lineage.slice(0, 13) }).click();
    await page.getByRole("heading", { name: "Cause of death" }).waitFor();
    await page.getByText(/attempt 1 is journalled: ValidationFailure/).waitFor();
    await page.getByText("Receive 1, the last").waitFor();
    await page.getByText('"customer-1"').waitFor();
    await inspect(page, "failure");
    await page.getByRole("button", { name: "Hold", exact: true }).click();
    await page.getByRole("button", { name: "Edit and retry" }).click();
    const body = page.getByRole("textbox", { name: "Body" });
    await body.fill(JSON.stringify({ ...incomplete, amount: -1 }));
    await page.getByRole("button", { name: "Save and retry" }).click();
    await page
      .getByText(/does not fit|edit-invalid|amount/)
      .last()
      .waitFor();
    await body.fill(JSON.stringify({ ...incomplete, amount: 25 }));
    await page.getByRole("button", { name: "Save and retry" }).click();
    await page.getByText("The message is on its way to its queue").waitFor();
    await page.getByText("resolved", { exact: true }).first().waitFor();
    await page.getByRole("tab", { name: "Changes (1)" }).click();
    await page
      .getByText(/amount: .* → 25/)
      .first()
      .waitFor();
    const id = `${HEALING.queue}:${lineage}`;
    const detail = await stage.call<FailureDetail>("GET", `/api/systems/${HEALING.system}/failures/${id}`);
    expect(detail.failure).toMatchObject({ state: "resolved", changes: [{ kind: "edit" }] });
    expect(detail.failure.changes[0]?.by).toContain("ann");
  });
}
