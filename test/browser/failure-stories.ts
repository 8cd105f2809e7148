import type { FailureDetail } from "@reliq/core/recovery";
import { expect } from "vitest";
import { inspect } from "./browser.ts";
import { HEALING } from "./stage.ts";
import { type Given, order, story, untilState } from "./story.ts";

const { system, queue } = HEALING;

/** Why messages died, and what a person does about it. */
export function failureStories(given: () => Given): void {
  story("an operator finds why a message died, edits it, and sees it processed", given, async (page, stage) => {
    const { amount: _, ...incomplete } = order();
    const lineage = await stage.send(queue, incomplete);
    await untilState(stage, system, [lineage], "archived");
    await page.goto("/failures?system=self-healing&state=archived");
    await page.getByRole("link", { name: lineage.slice(0, 13) }).click();
    await page.getByRole("heading", { name: "Cause of death" }).waitFor();
    await page
      .getByText(/attempt 1 is journalled: ValidationFailure/)
      .first()
      .waitFor();
    await page.getByText("Receive 1, the last").waitFor();
    await page.getByText('"customer-1"').waitFor();
    const way = page.getByRole("table", { name: /each below what led to it/ });
    await way
      .getByRole("row", { name: /self-healing-orders: waits/ })
      .first()
      .waitFor();
    await way.getByRole("row", { name: /recovery: archived .* ValidationFailure/ }).waitFor();
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
    const id = `${queue}:${lineage}`;
    const detail = await stage.call<FailureDetail>("GET", `/api/systems/${system}/failures/${id}`);
    expect(detail.failure).toMatchObject({ state: "resolved", changes: [{ kind: "edit" }] });
    expect(detail.failure.changes[0]?.by).toContain("ann");
  });

  story(
    "an operator heals a held message, and sees it processed without reading the page anew",
    given,
    async (page, stage) => {
      const lineage = await stage.send(queue, order(), { attributes: { fault: "auth" } });
      await untilState(stage, system, [lineage], "held");
      await page.goto(`/failures/${system}/${queue}:${lineage}`);
      await page.getByText("401 Unauthorized: the token has expired").first().waitFor();
      await page.getByRole("heading", { name: "Which rule decided" }).waitFor();
      await page.getByRole("button", { name: /Rule by rule/ }).click();
      await page.getByRole("row", { name: /yes\s+auth/ }).waitFor();
      await page.getByRole("button", { name: "Heal now" }).click();
      await page.getByText("The message is sent to the queue").waitFor();
      await page.getByText("resolved", { exact: true }).first().waitFor();
    },
  );

  story(
    "the list shows a new failure by itself, filters by tokens, and its address can be shared",
    given,
    async (page, stage) => {
      await page.goto(`/failures?system=${system}&category=bad-payload`);
      await page.getByRole("table", { name: "Failed messages" }).waitFor();
      const lineage = await stage.send(queue, "{ not json");
      await page.getByRole("link", { name: lineage.slice(0, 13) }).waitFor();
      await page.getByRole("button", { name: /Remove .*bad-payload/ }).click();
      const filter = page.getByRole("combobox", { name: "Filter failures" });
      await filter.fill("State = archived");
      await filter.press("Enter");
      await page.waitForURL(/state=archived/);
      await page.getByRole("link", { name: lineage.slice(0, 13) }).waitFor();
      await filter.fill("Captured >= 2026-01-01 06:30");
      await filter.press("Enter");
      await page.waitForURL(/fromMs=2026-01-01T06%3A30%3A00Z/);
      await page.getByRole("link", { name: lineage.slice(0, 13) }).waitFor();
      await inspect(page, "failures");
      await page.goto(`/failures?system=${system}&toMs=2026-01-01T06:30:00Z`);
      await page.getByText("2026-01-01 06:30:00 UTC").first().waitFor();
      await page.getByText("No failure is like this.").waitFor();
      await page.goto(`/failures?system=${system}&fromMs=yesterday`);
      await page.getByText(/fromMs.*yesterday/).waitFor();
      await page.goto(`/failures?system=${system}&errorName=NoSuchError`);
      await page.getByText("No failure is like this.").waitFor();
    },
  );

  story(
    "an approver gives up several messages at once, for a reason that the audit keeps",
    given,
    async (page, stage) => {
      const lineages = await Promise.all(
        [1, 2].map(() => stage.send(queue, order(), { attributes: { fault: "permanent" } })),
      );
      await untilState(stage, system, lineages, "archived");
      await page.goto(`/failures?system=${system}&errorName=PermanentFailure&state=archived`);
      for (const lineage of lineages) await page.getByRole("checkbox", { name: `Choose ${lineage}` }).check();
      await page.getByText("(2 chosen)").waitFor();
      await page.getByRole("button", { name: "Discard" }).click();
      const dialog = page.getByRole("dialog", { name: "Give 2 messages up?" });
      await dialog.getByRole("button", { name: "Discard" }).click();
      await dialog.getByText("Say why: the audit keeps it.").waitFor();
      await dialog.getByRole("textbox", { name: "Reason" }).fill("orders of a test");
      await dialog.getByRole("button", { name: "Discard" }).click();
      await page.getByText("2 messages are discarded").waitFor();
      await untilState(stage, system, lineages, "discarded");
      await page.goto(`/audit?system=${system}&chain=${queue}`);
      await page
        .getByRole("cell", { name: /orders of a test/ })
        .first()
        .waitFor();
    },
  );
}
