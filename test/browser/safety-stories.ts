import { request } from "node:http";
import { expect, test } from "vitest";
import { openTab } from "./browser.ts";
import { HEALING, serveAs } from "./stage.ts";
import { type Given, order, story, untilState } from "./story.ts";

const { system, queue } = HEALING;

/** A body that would like to be a page. */
const HOSTILE = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>\u202E\u0085\u200Bred`;

/** What a request without a browser's care is answered. */
function ask(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = "GET",
): Promise<number> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

/** What may not happen: a message that acts, a page elsewhere that steers, a person who may not. */
export function safetyStories(given: () => Given): void {
  story(
    "a body with markup, scripts and control characters is text, and nothing in it runs or hides",
    given,
    async (page, stage) => {
      const lineage = await stage.send(queue, HOSTILE);
      await untilState(stage, system, [lineage], "archived");
      await page.goto(`/failures/${system}/${queue}:${lineage}`);
      const body = page.getByRole("region", { name: "Body" });
      await body.getByText("<script>globalThis.hacked=1</script>").waitFor();
      expect(await body.textContent()).toContain("⟨U+202E⟩⟨U+0085⟩⟨U+200B⟩red");
      expect(await body.locator("img, script").count()).toBe(0);
      expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
    },
  );

  story(
    "a body of a mebibyte is shown by its beginning, and whole when it is asked for",
    given,
    async (page, stage) => {
      const text = JSON.stringify({ ...order(), amount: undefined, note: "x".repeat(1_000_000) });
      const lineage = await stage.send(queue, text);
      await untilState(stage, system, [lineage], "archived");
      await page.goto(`/failures/${system}/${queue}:${lineage}`);
      const body = page.getByRole("region", { name: "Body" });
      await body.waitFor();
      expect((await body.textContent())?.length).toBeLessThan(11_000);
      await page.getByRole("button", { name: "Read the whole body" }).click();
      await page.getByRole("button", { name: /^Show all 1,000,/ }).click();
      await expect.poll(async () => (await body.textContent())?.length).toBeGreaterThan(1_000_000);
    },
  );

  test("what is asked from elsewhere is refused: another host's name, another site's page, a request without the console's header", async () => {
    const { stage } = given();
    const { host } = new URL(stage.console);
    const own = { host, "x-reliq-console": "1" };
    const heal = `/api/systems/${system}/failures/heal`;
    expect(await ask(stage.console, "/api/region", own)).toBe(200);
    expect(await ask(stage.console, "/api/region", { ...own, host: "evil.example" })).toBe(403);
    expect(await ask(stage.console, "/", { host: "evil.example" })).toBe(403);
    expect(await ask(stage.console, "/api/region", { ...own, origin: "http://evil.example" })).toBe(403);
    expect(await ask(stage.console, "/api/region", { ...own, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await ask(stage.console, "/api/live", { host, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await ask(stage.console, heal, { host }, "POST")).toBe(403);
    expect(await ask(stage.console, `${stage.console}${heal}`, { host }, "POST")).toBe(403);
    expect(await ask(stage.console, "/assets/../../package.json", { host })).not.toBe(403);
    const page = await fetch(stage.console);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await (await fetch(`${stage.console}/..%2f..%2f..%2fpackage.json`)).text()).toContain(
      "<title>Reliq</title>",
    );
  });

  test("a viewer sees everything and changes nothing: the buttons are off, and the API itself refuses", async () => {
    const { stage, browser } = given();
    const lineage = await stage.send(queue, order(), { attributes: { fault: "auth" } });
    const [id = ""] = await untilState(stage, system, [lineage], "held");
    const viewer = await serveAs(stage, "viewer");
    try {
      const { page, problems } = await openTab(browser, viewer.address);
      await page.goto(`/failures/${system}/${id}`);
      await page.getByText("401 Unauthorized: the token has expired").first().waitFor();
      for (const name of ["Heal now", "Hold", "Discard", "Edit and retry"]) {
        expect(await page.getByRole("button", { name, exact: true }).isDisabled()).toBe(true);
      }
      const headers = { "x-reliq-console": "1", "content-type": "application/json" };
      const body = JSON.stringify({ failures: [id] });
      const path = `${viewer.address}/api/systems/${system}/failures/heal`;
      const refused = await fetch(path, { method: "POST", headers, body });
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("has the role viewer")]);
      expect(problems).toEqual([]);
      await page.context().close();
    } finally {
      await viewer.end();
    }
  });

  story("a failure is found, opened and healed with the keyboard alone", given, async (page, stage) => {
    const lineage = await stage.send(queue, order(), { attributes: { fault: "auth" } });
    await untilState(stage, system, [lineage], "held");
    await page.goto(`/failures?system=${system}&state=held`);
    const link = page.getByRole("link", { name: lineage.slice(0, 13) });
    await link.waitFor();
    const press = async (key: string, until: () => Promise<boolean>): Promise<void> => {
      for (let presses = 0; presses < 120; presses += 1) {
        if (await until()) return;
        await page.keyboard.press(key);
      }
      throw new Error(`${key} does not lead there`);
    };
    const focused = (selector: string) => page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`);
    await press("Tab", async () => Boolean(await focused(`a[href*="${lineage}"]`)));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Cause of death" }).waitFor();
    const heal = page.getByRole("button", { name: "Heal now" });
    await press("Tab", async () => heal.evaluate((button) => button.matches(":focus")));
    await page.keyboard.press("Enter");
    await page.getByText("resolved", { exact: true }).first().waitFor();
  });

  story("what the first page needs is under 370 KB over the wire, compressed", given, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    const facts = new Set<string>();
    const bytes = new Map<string, number>();
    session.on("Network.requestWillBeSent", ({ requestId, request: { url } }) => {
      if (url.includes("/api/")) facts.add(requestId);
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (!facts.has(requestId)) bytes.set(requestId, encodedDataLength);
    });
    await page.goto("/", { waitUntil: "load" });
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("heading", { name: `Queues of ${system}` }).waitFor();
    const total = [...bytes.values()].reduce((sum, each) => sum + each, 0);
    expect(total).toBeGreaterThan(100_000);
    expect(total).toBeLessThan(370_000);
  });
}
