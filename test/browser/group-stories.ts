import type { FailureDetail } from "@reliq/core/recovery";
import { inspect } from "./browser.ts";
import { HEALING } from "./stage.ts";
import { type Given, order, story, untilState } from "./story.ts";

const { system, queue } = HEALING;

/** Each problem once, and what is done about it. */
export function groupStories(given: () => Given): void {
  story("somebody acknowledges a problem, and finds when its messages died and which", given, async (page, stage) => {
    const lineage = await stage.send(queue, order(), { attributes: { fault: "odd" } });
    await untilState(stage, system, [lineage], "archived");
    await page.goto(`/groups?system=${system}`);
    await page
      .getByRole("row", { name: /something odd/ })
      .getByRole("link")
      .click();
    await page.getByRole("heading", { name: "Deaths by hour" }).waitFor();
    await page.getByRole("link", { name: lineage.slice(0, 13) }).waitFor();
    await inspect(page, "group");
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByText("The problem is acknowledged").waitFor();
    await page.getByText("acknowledged", { exact: true }).first().waitFor();
    await page.goto(`/groups?system=${system}&state=acknowledged`);
    await page.getByRole("row", { name: /something odd/ }).waitFor();
    await inspect(page, "groups");
  });

  story("a problem that was resolved comes back as regressed while one looks", given, async (page, stage) => {
    const first = await stage.send(queue, order(), { attributes: { fault: "refused", fault_over_after_heals: "1" } });
    const [id = ""] = await untilState(stage, system, [first], "resolved");
    const { failure } = await stage.call<FailureDetail>("GET", `/api/systems/${system}/failures/${id}`);
    await page.goto(`/groups/${system}/${queue}:${failure.reason.fingerprint}`);
    await page.getByRole("button", { name: "Resolve" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
    await page.getByText("The problem is resolved").waitFor();
    await stage.send(queue, order(), { attributes: { fault: "refused" } });
    await page.getByText("regressed", { exact: true }).first().waitFor();
  });

  story("a problem is kept quiet for a day or a number of deaths", given, async (page, stage) => {
    const lineage = await stage.send(queue, order(), { attributes: { fault: "timeout" } });
    const [id = ""] = await untilState(stage, system, [lineage], "resolved");
    const { failure } = await stage.call<FailureDetail>("GET", `/api/systems/${system}/failures/${id}`);
    await page.goto(`/groups/${system}/${queue}:${failure.reason.fingerprint}`);
    await page.getByRole("button", { name: "Ignore" }).click();
    const dialog = page.getByRole("dialog", { name: "Keep the problem quiet" });
    await dialog.getByRole("spinbutton", { name: /deaths/ }).fill("500");
    await dialog.getByRole("button", { name: "Ignore" }).click();
    await page.getByText("The problem is ignored for now").waitFor();
    await page.getByText("Ignored until deaths").waitFor();
    await page.getByText("500", { exact: true }).waitFor();
  });
}
