import type { FailureDetail } from "@reliq/core/recovery";
import { expect } from "vitest";
import { inspect } from "./browser.ts";
import { type Stage, TRADING } from "./stage.ts";
import { type Given, story, trade, untilState } from "./story.ts";

const { system, queue } = TRADING;

/** Brings dead letters in that nobody has decided on: each is held. Gives their lineages. */
async function importHeld(stage: Stage, group: string, bodies: readonly object[]): Promise<readonly string[]> {
  const letters = bodies.map((body, index) => ({
    messageId: `${group}-${index}`,
    body: JSON.stringify(body),
    attributes: {},
    receiveCount: 3,
    sentAtMs: Date.now() - 60_000,
    groupId: group,
    sequenceNumber: String(index + 1).padStart(20, "0"),
  }));
  const messages = Object.fromEntries(letters.map((letter, index) => [String(index), letter]));
  await stage.call("POST", `/api/systems/${system}/failures/import`, { queue, messages });
  const lineages = letters.map(({ messageId }) => messageId);
  await untilState(stage, system, lineages, "held");
  return lineages;
}

/** Many messages with one known fault, cured at once. */
export function repairStories(given: () => Given): void {
  story(
    "an operator filters held messages, sees what a repair would change in each, and repairs and sends them",
    given,
    async (page, stage) => {
      const { symbol: _, ...hopeless } = trade();
      const bodies = [{ ...trade(), amount: -7 }, { ...trade(), amount: -9 }, hopeless];
      const [first = "", second = "", last = ""] = await importHeld(stage, "sold", bodies);
      await page.goto(`/failures?system=${system}&queue=${queue}&messageGroup=sold`);
      await page.getByRole("link", { name: first }).waitFor();
      await page.getByRole("link", { name: "Repair …" }).click();
      await page.waitForURL(/\/repairs\?system=.*messageGroup=sold/);
      await page.getByRole("button", { name: "Preview" }).click();
      const preview = page.getByRole("table", { name: "2 of 3 would be repaired" });
      await preview.getByRole("row", { name: /amount: -7 → 7/ }).waitFor();
      await preview.getByRole("row", { name: /amount: -9 → 9/ }).waitFor();
      await preview.getByRole("row", { name: /left as it is the fault is not there/ }).waitFor();
      await inspect(page, "repair");
      const detail = (lineage: string) =>
        stage.call<FailureDetail>("GET", `/api/systems/${system}/failures/${queue}:${lineage}`);
      expect((await detail(first)).failure).toMatchObject({ state: "held", changes: [] });
      await page.getByRole("button", { name: "Repair and send" }).click();
      const dialog = page.getByRole("dialog", { name: "Repair 2 messages?" });
      await dialog.getByRole("button", { name: "Repair and send" }).click();
      await page.getByText("2 messages repaired, on the way to the queue").waitFor();
      await page.getByRole("table", { name: "2 of 3 repaired" }).waitFor();
      await untilState(stage, system, [first, second], "resolved");
      expect((await detail(last)).failure).toMatchObject({ state: "held", changes: [] });
    },
  );

  story(
    "a problem's page leads to a repair of its messages; one that fits none changes nothing",
    given,
    async (page, stage) => {
      const [lineage = ""] = await importHeld(stage, "bought", [{ ...trade(), amount: -3 }]);
      const id = `${queue}:${lineage}`;
      const { failure } = await stage.call<FailureDetail>("GET", `/api/systems/${system}/failures/${id}`);
      await page.goto(`/groups/${system}/${encodeURIComponent(`${queue}:${failure.reason.fingerprint}`)}`);
      await page.getByRole("link", { name: "Repair them" }).click();
      await page
        .getByRole("button", { name: /Repair/ })
        .first()
        .waitFor();
      await page.getByRole("button", { name: /negative-amount/ }).click();
      await page.getByRole("option", { name: "symbol-case" }).click();
      await page.getByRole("button", { name: "Preview" }).click();
      await page.getByRole("table", { name: /^0 of \d+ would be repaired/ }).waitFor();
      expect(await page.getByRole("button", { name: "Repair and send" }).isDisabled()).toBe(true);
    },
  );
}
