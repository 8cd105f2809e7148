import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Approval, FailureDetail, FailurePage } from "@reliq/core/recovery";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type StartedApp, startApp } from "../journeys/app.ts";
import { type Ended, reliq } from "../journeys/command.ts";
import { inspect, openTab } from "./browser.ts";
import { type Issuer, startIssuer } from "./issuer.ts";
import { signedInShop } from "./signed-in-shop.ts";
import { type Site, serveSite } from "./site.ts";
import type { Given } from "./story.ts";

const EMAIL = "ann.miller@shop.example";
const LONG_MS = 240_000;

interface Status {
  readonly stacks: readonly { readonly outputs: Readonly<Record<string, string>> }[];
}

/** A console on AWS, as far as a browser can tell: people sign in at an issuer, and the API knows them by their tokens. */
export function signedInStories(given: () => Given): void {
  let issuer: Issuer;
  let site: Site;
  let started: StartedApp;
  let api: string;
  let regionApi: string;

  beforeAll(async () => {
    [issuer, site] = await Promise.all([startIssuer(), serveSite("packages/console/dist/app")]);
    started = await startApp(signedInShop(issuer, site));
    const { endpoint, sqs, url } = started.app;
    const status = (await (await fetch(`${endpoint}/_reliq/status`)).json()) as Status;
    const outputs = status.stacks[0]?.outputs ?? {};
    api = outputs["RecoveryApiUrl"] ?? "";
    regionApi = outputs["RegionApiUrl"] ?? "";
    const signIn = {
      authorizeUrl: `${issuer.url}/authorize`,
      tokenUrl: `${issuer.url}/token`,
      clientId: issuer.clientId,
      scope: "openid",
      token: "access",
    } as const;
    site.configure({ region: "us-east-1", systems: [{ name: "shop", api }], signIn, regionApi });
    for (const amount of [-1, -2, -3]) {
      const MessageBody = JSON.stringify({ amount, email: EMAIL });
      await sqs.send(new SendMessageCommand({ QueueUrl: url("orders"), MessageBody }));
    }
    await vi.waitFor(async () => expect(await list("bob")).toHaveLength(3), { timeout: 90_000, interval: 500 });
  }, LONG_MS);

  afterAll(async () => {
    await started?.end();
    site?.end();
    issuer?.end();
  });

  const ask = (path: string, token?: string, body?: object): Promise<Response> =>
    fetch(`${api}${path}`, {
      method: body ? "POST" : "GET",
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  const list = async (person: string): Promise<FailurePage["failures"]> => {
    const answer = await ask("/failures?state=held", issuer.token(person));
    return ((await answer.json()) as FailurePage).failures;
  };

  test("the API refuses whoever has no token, another's or an old one, and does for each no more than its claim says", async () => {
    const old = Math.floor(Date.now() / 1_000) - 1;
    const tokens = [undefined, "x", issuer.token("bob", { aud: "other" }), issuer.token("bob", { exp: old })];
    for (const token of [...tokens, issuer.token("bob", { iss: "https://other.example" })]) {
      expect((await ask("/failures", token)).status).toBe(401);
      expect((await ask("/failures/heal", token, { failures: ["orders:x"] })).status).toBe(401);
    }
    const viewer = issuer.token("eve", { "x-reliq-role": "approver" });
    expect(await (await ask("/caller", viewer)).json()).toEqual({ by: "eve", role: "viewer" });
    const [failure] = await list("eve");
    const heal = await ask("/failures/heal", viewer, { failures: [failure?.id] });
    expect([heal.status, await heal.json()]).toMatchObject([403, { code: "forbidden" }]);
    const unknown = issuer.token("eve", { reliq_role: undefined });
    expect(await (await ask("/caller", unknown)).json()).toEqual({ by: "eve", role: "viewer" });
  });

  test("what is personal is in no answer to who may not see it, and an edit by its masks keeps it", async () => {
    const [first] = await list("ann");
    const id = encodeURIComponent(first?.id ?? "");
    for (const path of [`/failures/${id}`, "/failures?whole=true", "/groups", "/audit?chain=orders"]) {
      for (const person of ["eve", "ann"]) {
        const text = await (await ask(path, issuer.token(person))).text();
        expect([path, text.includes(EMAIL)]).toEqual([path, false]);
      }
    }
    const seen = (await (await ask(`/failures/${id}`, issuer.token("ann"))).json()) as FailureDetail;
    expect(seen.body).toContain('"email":"[redacted 1]"');
    const body = seen.body.replace("}", ',"note":"seen"}');
    const edit = { failure: first?.id, version: seen.failure.version, body };
    expect((await ask("/failures/edit", issuer.token("ann"), edit)).status).toBe(200);
    const clear = (await (await ask(`/failures/${id}`, issuer.token("bob"))).json()) as FailureDetail;
    expect(JSON.parse(clear.body)).toMatchObject({ email: EMAIL, note: "seen" });
  });

  test(
    "one person signs in and asks for a redrive of more than she may send alone, another one approves it; no token is kept",
    async () => {
      const { browser } = given();
      const ann = await signedIn(browser, "ann", "/failures?state=held");
      const [failure] = await list("ann");
      await ann.page.getByRole("link", { name: failure?.lineage.slice(0, 13) ?? "" }).click();
      await ann.page.getByText('"[redacted 1]"').first().waitFor();
      await ann.page.getByText("Masked for your role: values of email").waitFor();
      await ann.page.getByRole("rowheader", { name: /recovery: held .*masked for your role/ }).waitFor();
      expect(await ann.page.content()).not.toContain(EMAIL);
      await inspect(ann.page, "failure-masked");
      // A page that is loaded anew has no token any more: its person signs in anew.
      await goAs(ann.page, "ann", "/redrives?queue=orders");
      await ann.page.getByRole("button", { name: "Plan" }).click();
      await ann.page.getByRole("button", { name: "Start redrive" }).click();
      await ann.page.getByText("It waits for another person: see Approvals").waitFor();
      await ann.page.getByRole("link", { name: "Approvals" }).click();
      await ann.page.getByText("(1 pending)").waitFor();
      await inspect(ann.page, "approvals");
      await ann.page.getByRole("link", { name: /A redrive of held messages of orders/ }).click();
      expect(await ann.page.getByRole("button", { name: "Approve", exact: true }).isDisabled()).toBe(true);

      const bob = await signedIn(browser, "bob", "/approvals");
      await bob.page.getByRole("link", { name: /A redrive of held messages of orders/ }).click();
      await bob.page.getByRole("heading", { name: "What it is about" }).waitFor();
      await inspect(bob.page, "approval");
      await bob.page.getByRole("button", { name: "Approve", exact: true }).click();
      await bob.page.getByText("It is done").waitFor();
      await ann.page.getByText("done", { exact: true }).first().waitFor();
      await ann.page.getByRole("link", { name: /^[0-9a-f-]{36}$/ }).click();
      await ann.page.getByRole("heading", { name: /^Redrive / }).waitFor();
      const { approvals } = (await (await ask("/approvals", issuer.token("eve"))).json()) as { approvals: Approval[] };
      expect(approvals).toMatchObject([{ state: "done", by: "ann", decidedBy: "bob", count: 3, limit: 2 }]);
      const own = await ask("/approvals/approve", issuer.token("ann", { reliq_role: "approver" }), {
        approval: approvals[0]?.id,
      });
      expect([own.status, await own.json()]).toMatchObject([403, { code: "approval-own" }]);
      expect(issuer.renewals()).toBeGreaterThan(0);
      for (const { page, urls, problems } of [ann, bob]) {
        expect(urls.filter((url) => url.includes("eyJ"))).toEqual([]);
        expect(page.url()).not.toContain("code=");
        const kept = await page.evaluate(
          "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])",
        );
        expect(kept).not.toContain("eyJ");
        expect(problems).toEqual([]);
        await page.context().close();
      }
    },
    LONG_MS,
  );

  test(
    "the command line shows what waits, and refuses it for a reason that who asked can read",
    async () => {
      await expect.poll(async () => (await list("ann")).length, { timeout: 90_000, interval: 500 }).toBe(3);
      const asked = await ask("/redrives", issuer.token("ann"), { filter: { queue: "orders" } });
      const { code, approval } = (await asked.json()) as { readonly code: string; readonly approval: string };
      expect([asked.status, code]).toEqual([409, "approval-needed"]);
      const as = async (person: string, ...args: string[]): Promise<Ended> => {
        process.env["RELIQ_TOKEN"] = issuer.token(person);
        return reliq("approvals", ...args, "--api", api).finally(() => delete process.env["RELIQ_TOKEN"]);
      };
      expect((await as("eve", "list")).output).toMatch(new RegExp(`${approval}\\s+pending\\s+A redrive of held`));
      const own = await as("ann", "approve", approval);
      expect([own.code, own.output]).toEqual([1, expect.stringContaining("for the role approver")]);
      const refused = await as("bob", "refuse", approval, "--reason", "not today");
      expect([refused.code, refused.output]).toEqual([
        0,
        expect.stringMatching(/refused[\s\S]*by bob[\s\S]*not today/),
      ]);
      const late = await as("bob", "approve", approval);
      expect([late.code, late.output]).toEqual([1, expect.stringContaining("is refused by bob: not today")]);
      expect(JSON.parse((await as("eve", "list", "--state", "refused", "--json")).output).approvals).toHaveLength(1);
    },
    LONG_MS,
  );

  test(
    "a viewer sees on AWS how messages flow, what queues hold, alarms and dashboards; and nobody does without a token",
    async () => {
      const { page, problems } = await signedIn(given().browser, "eve", "/");
      await page.getByRole("heading", { name: "shop", exact: true }).waitFor();
      await page.getByRole("group", { name: /orders deadLetters to / }).waitFor();
      await page
        .getByRole("row", { name: /^orders / })
        .getByText(/^accepted -?\d+ ≈ processed/)
        .waitFor();
      await inspect(page, "aws-overview");
      await goAs(page, "eve", "/queues");
      await page.getByRole("link", { name: "orders", exact: true }).click();
      await page.getByRole("heading", { name: "Messages a minute" }).waitFor();
      await inspect(page, "aws-queue");
      await goAs(page, "eve", "/alarms");
      await page
        .getByRole("row", { name: /ApproximateAgeOfOldestMessage/ })
        .first()
        .waitFor();
      await inspect(page, "aws-alarms");
      await page.getByRole("link", { name: "shop", exact: true }).click();
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await inspect(page, "aws-dashboard");
      expect(await page.getByRole("link", { name: "Outbox" }).count()).toBe(0);
      expect(problems).toEqual([]);
      await page.context().close();
      for (const path of ["/systems", "/live", "/flow", "/alarms", "/dashboards"])
        expect([path, (await fetch(`${regionApi}${path}`)).status]).toEqual([path, 401]);
      const refused = await fetch(`${regionApi}/metrics`, {
        method: "POST",
        headers: { authorization: `Bearer ${issuer.token("eve")}` },
        body: '{"fromMs":"then"}',
      });
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: "input", field: "body" }]);
    },
    LONG_MS,
  );

  test("a code that the page did not ask for is left unused, and an issuer that refuses is named", async () => {
    const { page } = await openTab(given().browser, site.url);
    await page.goto("/?code=stolen&state=other");
    await page.waitForURL(/\/authorize\?/);
    const state = new URL(page.url()).searchParams.get("state");
    await page.goto(`${site.url}/?error=access_denied&error_description=You+may+not&state=${state}`);
    await page.getByText("You are not signed in").waitFor();
    await page.getByText("You may not").waitFor();
    await page.context().close();
  });

  async function signedIn(
    browser: Browser,
    person: string,
    path: string,
  ): Promise<{ readonly page: Page; readonly problems: string[]; readonly urls: string[] }> {
    const tab = await openTab(browser, site.url);
    const urls: string[] = [];
    tab.page.on("request", (request) => urls.push(request.url()));
    await goAs(tab.page, person, path);
    return { ...tab, urls };
  }

  async function goAs(page: Page, person: string, path: string): Promise<void> {
    await page.goto(path);
    await page.getByRole("link", { name: person, exact: true }).click();
    await page.waitForURL((url) => url.origin === site.url && url.pathname + url.search === path);
  }
}
