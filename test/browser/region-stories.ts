import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GameDayReport } from "@reliq/console";
import { expect } from "vitest";
import { inspect } from "./browser.ts";
import { HEALING, TRADING } from "./stage.ts";
import { type Given, order, story, untilState } from "./story.ts";

const { system, queue } = HEALING;

/** A report as `reliq gameday run` leaves it: two minutes, of which the middle one is the fault. */
const REPORT: GameDayReport = {
  verdict: "held",
  beganAtMs: Date.UTC(2026, 0, 31, 12),
  seconds: 120,
  scale: 1,
  measures: [
    { name: "P95 of the others", value: 120, unit: "ms", asked: "at most 500", holds: true },
    { name: "Messages", value: 12_345 },
  ],
  alarms: [{ name: "orders-age", severity: "critical", firedAfterSeconds: [61], cleared: true }],
  charts: [
    {
      title: "Messages of the queue",
      unit: "messages",
      lines: ["waiting", "in flight"].map((name, index) => ({
        name,
        points: Array.from({ length: 120 }, (_, at) => [at, at < 40 ? index : (100 - Math.min(100, at)) * (index + 1)]),
      })),
      spans: [
        { name: "all is well", fromSeconds: 0, untilSeconds: 40 },
        { name: "outage", fromSeconds: 40, untilSeconds: 80 },
        { name: "alarms clear", fromSeconds: 80, untilSeconds: 120 },
      ],
    },
  ],
};

/** The region at a glance: its flow, its queues, its alarms, and what would have left it. */
export function regionStories(given: () => Given): void {
  story(
    "the overview draws each system's flow, and shows live that every message is in one known place",
    given,
    async (page, stage) => {
      await page.goto("/");
      await page.getByRole("heading", { name: system, exact: true }).waitFor();
      await page.getByRole("heading", { name: TRADING.system, exact: true }).waitFor();
      await page.getByRole("group", { name: /self-healing-orders deadLetters to self-healing-orders-dlq/ }).waitFor();
      const account = page.getByRole("row", { name: /^self-healing-orders / }).getByText(/^accepted /);
      const before = await account.textContent();
      await stage.send(queue, order());
      await expect.poll(() => account.textContent(), { timeout: 20_000 }).not.toBe(before);
      const lineage = await stage.send(queue, order(), { attributes: { fault: "auth" } });
      await untilState(stage, system, [lineage], "held");
      const died = page.getByRole("link", { name: /died on self-healing-orders: [1-9]\d* held/ });
      await died.waitFor();
      await inspect(page, "overview");
      await died.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/failures\?system=self-healing&queue=self-healing-orders/);
      await page.getByRole("link", { name: lineage.slice(0, 13) }).waitFor();
    },
  );

  story("a queue has its account, its settings and its last hour", given, async (page) => {
    await page.goto("/queues");
    await page.getByRole("link", { name: queue, exact: true }).click();
    await page.getByRole("heading", { name: "Account" }).waitFor();
    await page.getByText(/^accepted \d+ = processed/).waitFor();
    await page.getByText("Receives before it dies").waitFor();
    await page.getByRole("heading", { name: "Messages a minute" }).waitFor();
    await inspect(page, "queue");
    await page.getByRole("link", { name: "Show them" }).click();
    await page.waitForURL(/failures\?system=self-healing&queue=self-healing-orders/);
    await page.goto("/queues");
    await page.getByRole("table", { name: "All queues" }).getByRole("link", { name: queue, exact: true }).waitFor();
    await inspect(page, "queues");
  });

  story(
    "alarms say what they ring for, and dashboards are drawn from the template's definition",
    given,
    async (page) => {
      await page.goto("/alarms");
      await page
        .getByRole("row", { name: /self-healing-consumer-error-rate Consumer_Error_Rate \(Average\) > 5/ })
        .waitFor();
      await inspect(page, "alarms");
      await page.getByRole("link", { name: "self-healing", exact: true }).click();
      for (const title of ["Messages Status", "Lambda Health", "Queue Depth"]) {
        await page.getByRole("heading", { name: title }).waitFor();
      }
      await page
        .getByRole("application", { name: "Queue Depth" })
        .or(page.getByText("No value in this time."))
        .first()
        .waitFor();
      await inspect(page, "dashboard");
    },
  );

  story("an alert that would have gone out by e-mail is in the outbox", given, async (page, stage) => {
    const lineage = await stage.send(queue, order(), { attributes: { fault: "auth" } });
    await untilState(stage, system, [lineage], "held");
    await page.goto("/outbox");
    // One problem is alerted on once, maybe by a story before this, and what alarms have sent since is in front of it.
    const alert = page.getByText(/\[critical\] self-healing-orders: .* AuthFailure/).first();
    const older = page.getByRole("button", { name: "Next page" });
    const read = async (): Promise<boolean> => {
      if (await alert.isVisible()) return true;
      if (await older.isEnabled()) {
        await Promise.all([page.waitForResponse(/outbox\?before=/), older.click()]);
      }
      return false;
    };
    await expect.poll(read, { timeout: 30_000, interval: 1_000 }).toBe(true);
    await alert.click();
    await page.getByText("401 Unauthorized").first().waitFor();
    await inspect(page, "outbox");
  });

  story("game days are listed with what is believed, and a report's charts are drawn", given, async (page, stage) => {
    const reports = join(stage.directory, ".reliq/gamedays");
    mkdirSync(reports, { recursive: true });
    writeFileSync(join(reports, "downstream-outage.md"), "# Game day downstream-outage: held\n");
    writeFileSync(join(reports, "downstream-outage.json"), JSON.stringify(REPORT));
    await page.goto("/gamedays");
    await page.getByRole("row", { name: /downstream-outage held/ }).waitFor();
    await inspect(page, "gamedays");
    await page.getByRole("link", { name: "downstream-outage", exact: true }).click();
    await page.getByRole("row", { name: /P95 of the others 120 ms at most 500 yes/ }).waitFor();
    await page.getByText("all is well 0 to 40 s; outage 40 to 80 s; alarms clear 80 to 120 s").waitFor();
    await page.getByRole("application", { name: "Messages of the queue" }).waitFor();
    await inspect(page, "gameday");
    await page.goto("/gamedays/poison-flood");
    await page.getByText("It has not been played where the console was started").waitFor();
  });

  story("an unknown address says so, and leads back", given, async (page) => {
    await page.goto("/nowhere/at/all");
    await page.getByText("There is no such page").waitFor();
    await page.getByRole("link", { name: "Go to the overview." }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });
}
