import type { Page } from "playwright-core";
import { expect } from "vitest";
import { inspect } from "./browser.ts";
import { HEALING, type Stage } from "./stage.ts";
import { type Given, order, story, untilState } from "./story.ts";

const { system, queue } = HEALING;

/** A run waits while more of its queue's attempts fail than succeed: what failed a minute ago is forgotten. */
const PATIENCE = { timeout: 120_000 };

/** Messages that need nothing but to be sent again: they were mended by hand, and wait. */
async function mended(stage: Stage, count: number): Promise<readonly string[]> {
  const sends = Array.from({ length: count }, () => stage.send(queue, order(), { attributes: { fault: "auth" } }));
  const lineages = await Promise.all(sends);
  for (const failure of await untilState(stage, system, lineages, "held")) {
    const attributes = { source: { dataType: "String", stringValue: "mended" } };
    await stage.call("POST", `/api/systems/${system}/failures/edit`, { failure, attributes });
  }
  return lineages;
}

async function chooseQueue(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Queue (Choose|self)/ }).click();
  await page.getByRole("option", { name: queue }).click();
}

/** A run goes slower the more of its queue's attempts fail: healthy messages stand beside those of the stories. */
async function healthy(stage: Stage): Promise<void> {
  await Promise.all(Array.from({ length: 100 }, () => stage.send(queue, order())));
}

/** Messages brought back: planned, watched, stopped. */
export function runStories(given: () => Given): void {
  story(
    "a redrive is planned message by message, started, and watched until all are processed",
    given,
    async (page, stage) => {
      await healthy(stage);
      const lineages = await mended(stage, 3);
      await page.goto(`/redrives?system=${system}&queue=${queue}&errorName=AuthFailure`);
      await page.getByRole("button", { name: "Plan" }).click();
      await page.getByText(/^\d+ safe$/).waitFor();
      for (const lineage of lineages) await page.getByRole("row", { name: new RegExp(`${lineage} safe`) }).waitFor();
      await page.getByRole("button", { name: "Start redrive" }).click();
      await page.getByRole("heading", { name: /^Redrive / }).waitFor();
      await page.getByText("done", { exact: true }).first().waitFor(PATIENCE);
      await untilState(stage, system, lineages, "resolved");
      await inspect(page, "redrive");
      await page.goto(`/redrives?system=${system}`);
      await page
        .getByRole("row", { name: /3 planned: 3 resolved/ })
        .first()
        .waitFor();
      await inspect(page, "redrives");
    },
  );

  story("a redrive whose first message dies again stops itself, and says which", given, async (page, stage) => {
    await healthy(stage);
    const sends = [1, 2, 3].map(() =>
      stage.send(queue, order(), { attributes: { fault: "auth", fault_over_after_heals: "9" } }),
    );
    const lineages = await Promise.all(sends);
    await untilState(stage, system, lineages, "held");
    await page.goto(`/redrives?system=${system}&errorName=AuthFailure`);
    await chooseQueue(page);
    await page.getByRole("button", { name: "Plan" }).click();
    await page.getByRole("button", { name: "Start redrive" }).click();
    await page.getByText("The run stopped itself").waitFor(PATIENCE);
    await page.getByText("relapsed", { exact: true }).first().waitFor();
    await inspect(page, "redrive-stopped");
    // What was not sent is where it was.
    const held = await untilState(stage, system, lineages, "held");
    await stage.call("POST", `/api/systems/${system}/failures/discard`, {
      failures: held,
      reason: "they die for ever",
    });
  });

  story("a redrive is paused, goes on, and is cancelled: what is left stays held", given, async (page, stage) => {
    await healthy(stage);
    const lineages = await mended(stage, 4);
    await page.goto(`/redrives?system=${system}&queue=${queue}&errorName=AuthFailure&ramp=1&ratePerSecond=0.2`);
    await page.getByRole("button", { name: "Plan" }).click();
    await page.getByRole("button", { name: "Start redrive" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("The run is paused").waitFor();
    await page.getByText("paused", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("The run is going on").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("cancelled", { exact: true }).first().waitFor();
    const left = await stage.call<{ failures: readonly { lineage: string }[] }>(
      "GET",
      `/api/systems/${system}/failures?state=held&limit=200`,
    );
    expect(left.failures.filter(({ lineage }) => lineages.includes(lineage)).length).toBeGreaterThan(0);
  });

  story(
    "a replay's dry run over a time range says what would be sent and sends nothing; the replay does what it said",
    given,
    async (page, stage) => {
      await healthy(stage);
      const fromMs = Date.now() - 60_000;
      const lineage = await stage.send(queue, order(), { attributes: { fault: "odd" } });
      await untilState(stage, system, [lineage], "archived");
      const from = new Date(fromMs).toISOString().slice(0, 19).replace("T", " ");
      await page.goto(`/replays?system=${system}&queue=${queue}`);
      await page.getByRole("textbox", { name: "Died from (UTC)" }).fill(from);
      await page.getByRole("textbox", { name: "Error" }).fill("string");
      await page.getByRole("button", { name: "Dry run" }).click();
      await page.getByRole("row", { name: new RegExp(`${lineage} safe`) }).waitFor();
      await inspect(page, "replays");
      await untilState(stage, system, [lineage], "archived");
      await page.goto(`/replays?system=${system}&queue=${queue}&errorName=string`);
      await page.getByRole("textbox", { name: "Died from (UTC)" }).fill(from);
      await page.getByRole("button", { name: "Dry run" }).click();
      await page.getByRole("row", { name: new RegExp(`${lineage} safe`) }).waitFor();
      await page.getByRole("button", { name: "Start replay" }).click();
      await page.getByRole("heading", { name: /^Replay / }).waitFor();
      await page.getByText("The run stopped itself").waitFor(PATIENCE);
    },
  );
}
