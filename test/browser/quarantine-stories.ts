import { expect } from "vitest";
import { inspect } from "./browser.ts";
import { type Stage, TRADING } from "./stage.ts";
import { type Given, story, trade, untilState } from "./story.ts";

const { system, queue } = TRADING;

/** A message of a group that can never succeed, held by a person. */
async function poison(stage: Stage, group: string): Promise<string> {
  const { symbol: _, ...order } = trade();
  const lineage = await stage.send(queue, order, { group });
  const failures = await untilState(stage, system, [lineage], "archived");
  await stage.call("POST", `/api/systems/${system}/failures/hold`, { failures });
  return lineage;
}

/** How many messages of a group wait. */
async function behind(stage: Stage, group: string): Promise<number> {
  const path = `/api/systems/${system}/quarantines/${encodeURIComponent(`${queue}:${group}`)}`;
  return (await stage.call<{ behind: number }>("GET", path)).behind;
}

const PATIENCE = { timeout: 60_000, interval: 300 };

/** Groups that wait behind a failed message. */
export function quarantineStories(given: () => Given): void {
  story(
    "an operator holds a group behind its poison; an approver lets it go on without that, for a reason",
    given,
    async (page, stage) => {
      const lineage = await poison(stage, "acme");
      await page.goto(`/failures/${system}/${encodeURIComponent(`${queue}:${lineage}`)}`);
      await page.getByRole("button", { name: "Hold its group" }).click();
      await page.getByRole("heading", { name: "What it waits for" }).waitFor();
      for (let sent = 0; sent < 3; sent += 1) await stage.send(queue, trade(), { group: "acme" });
      await expect.poll(() => behind(stage, "acme"), PATIENCE).toBe(3);
      await page.reload();
      await page.getByRole("heading", { name: "Messages that wait (3)" }).waitFor();
      await inspect(page, "quarantine-group");
      await page.goto(`/quarantine?system=${system}&queue=${queue}`);
      await page.getByRole("row", { name: /acme held/ }).waitFor();
      await inspect(page, "quarantine");
      await page.getByRole("link", { name: "acme" }).click();
      await page.getByRole("button", { name: "Skip the failed message" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("3 messages are let by").waitFor();
      await dialog.getByRole("textbox", { name: "Reason" }).fill("the client has sent it anew");
      await dialog.getByRole("button", { name: "Skip" }).click();
      await page.getByText("The group goes on without its failed message").waitFor();
      await expect.poll(() => behind(stage, "acme"), PATIENCE).toBe(0);
    },
  );

  story("a group is released once its failed message is over, and not before", given, async (page, stage) => {
    const lineage = await poison(stage, "initech");
    const failure = `${queue}:${lineage}`;
    await stage.call("POST", `/api/systems/${system}/quarantines/start`, { failure });
    await stage.send(queue, trade(), { group: "initech" });
    await expect.poll(() => behind(stage, "initech"), PATIENCE).toBe(1);
    await page.goto(`/quarantine/${system}/${encodeURIComponent(`${queue}:initech`)}`);
    await page.getByRole("button", { name: "Release" }).click();
    await page.getByText("The group still waits: its failed message is not over").waitFor();
    const reason = "it is not needed";
    await stage.call("POST", `/api/systems/${system}/failures/discard`, { failures: [failure], reason });
    await page.getByRole("button", { name: "Release" }).click();
    await expect.poll(() => behind(stage, "initech"), PATIENCE).toBe(0);
    await page.goto(`/audit?system=${system}&chain=${queue}`);
    await page
      .getByRole("row", { name: /group-held/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Check the order" }).click();
    await page.getByText(/were in sequence/).waitFor();
  });
}
