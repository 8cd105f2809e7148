import { inspect } from "./browser.ts";
import { HEALING } from "./stage.ts";
import { type Given, order, story, untilState } from "./story.ts";

const { system, queue } = HEALING;

/** What is decided, what would be decided otherwise, and the trail of what was done. */
export function policyStories(given: () => Given): void {
  story("the rules in force are shown, and explain one message rule by rule", given, async (page, stage) => {
    const lineage = await stage.send(queue, "[]");
    const [id = ""] = await untilState(stage, system, [lineage], "archived");
    await page.goto(`/policy?system=${system}`);
    await page.getByRole("row", { name: /dependency category dependency or throttled heal/ }).waitFor();
    await page.getByRole("textbox", { name: "Failed message" }).fill(id);
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByRole("row", { name: /yes\s+validation/ }).waitFor();
    await inspect(page, "policy");
    await page.getByRole("textbox", { name: "Failed message" }).fill("no:such");
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByText("There is no failed message no:such.").waitFor();
  });

  story(
    "a candidate policy is run on history, and one that is wrong is refused by its field",
    given,
    async (page, stage) => {
      const lineage = await stage.send(queue, order(), { attributes: { fault: "odd" } });
      await untilState(stage, system, [lineage], "archived");
      await page.goto(`/policy?system=${system}`);
      const candidate = page.getByRole("textbox", { name: "Candidate policy" });
      await candidate.fill('{"rules":[{"name":"a","when":{"categry":"auth"},"then":["hold"]}]}');
      await page.getByRole("button", { name: "Back-test" }).click();
      await page
        .getByText(/rules\.0\.when.*categry|categry/)
        .first()
        .waitFor();
      await candidate.fill('{"rules":[{"name":"keep all","when":{},"then":["hold"]}]}');
      await page.getByRole("button", { name: "Back-test" }).click();
      await page.getByText(/messages; \d+ would be treated otherwise/).waitFor();
      await page
        .getByRole("row", { name: /archived held/ })
        .first()
        .waitFor();
      await inspect(page, "policy-backtest");
    },
  );

  story("every deed is in the audit under its author's name, and the chain is verified", given, async (page, stage) => {
    const lineage = await stage.send(queue, order(), { attributes: { fault: "auth" } });
    const failures = await untilState(stage, system, [lineage], "held");
    await stage.call("POST", `/api/systems/${system}/failures/heal`, { failures });
    await page.goto(`/audit?system=${system}&chain=${queue}`);
    await page
      .getByRole("row", { name: new RegExp(`user/ann (send-asked|healed).*${lineage}`) })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Verify the chain" }).click();
    await page.getByText("Every entry is as it was written").waitFor();
    await inspect(page, "audit");
  });
}
