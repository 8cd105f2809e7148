import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { listCommands } from "reliq/reference";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { likeAws } from "../../../harness/like-aws.ts";
import { NO_TERMINAL, startTerminal } from "../../../harness/terminal.ts";
import { AS_AWS, CHANGES, type Journey, LOOKS } from "./journeys.ts";
import { type Shop, startShop } from "./shop.ts";
import { type Expected, expectJson, expectPipe, expectTerminal, inPipe, RELIQ, type Way } from "./ways.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });

const COMMANDS = new Map(listCommands().map(({ words, options }) => [words, options]));
const WITHOUT = NO_TERMINAL ? ` (not at a terminal: ${NO_TERMINAL})` : "";

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.end());

test("each command has a journey, and each journey is of a command", () => {
  // The shop itself is what `run` runs, at a terminal; the other journeys run it in a pipe.
  const named = ["run", ...Object.keys(LOOKS), ...Object.keys(CHANGES)];
  expect(named.toSorted()).toEqual([...COMMANDS.keys()].toSorted());
});

test.each(Object.entries(LOOKS))(`reliq %s, in a pipe, at a terminal and as JSON${WITHOUT}`, async (words, journey) => {
  await Promise.all(waysOf(words).map((way) => go(words, journey, way)));
});

test("what answers as AWS does is reached by a profile's endpoint and credentials, by every command that is not of a local region alone", async () => {
  const { environment } = await awsOf(shop);
  const asked = Object.entries(AS_AWS).map(([words, args]) => async () => {
    const all = [...words.split(" "), ...args(shop), "--profile", "shop"];
    const answer = await expectJson(words, all, { code: 0, lines: words === "tail" }, environment);
    return [words, answer] as const;
  });
  const answers: Record<string, unknown> = {};
  for (const [at] of asked.entries()) {
    if (at % 3 === 0)
      for (const [words, answer] of await Promise.all(asked.slice(at, at + 3).map((ask) => ask())))
        answers[words] = answer;
  }
  expect(answers["queues"]).toContainEqual(
    expect.objectContaining({ name: "orders", counts: { waiting: 0, inFlight: 0, delayed: 0 } }),
  );
  expect(answers["account"]).toContainEqual(
    expect.objectContaining({ queue: "orders", isRecoveryCounted: true, held: 32 }),
  );
  const { groups } = answers["groups list"] as { groups: { id: string; errorName: string }[] };
  const bug = groups.find(({ errorName }) => errorName === "TypeError")?.id ?? "";
  const acknowledge = ["groups", "acknowledge", bug, "--profile", "shop"];
  // Its request is signed with the profile's key, by which the local region knows people.
  expect(await expectJson("groups acknowledge", acknowledge, { code: 0 }, environment)).toMatchObject({
    changedBy: "arn:aws:iam::000000000000:user/AKIDPROFILE",
  });
  const failures = await inPipe(["failures", "--profile", "shop"], { environment });
  expect(failures.stdout).toMatch(
    /^Nothing waits in dead-letter queues\.\n[\s\S]*orders: recovery keeps 32 held, 16 archived/,
  );
});

test("AWS_ENDPOINT_URL names a region as for the AWS CLI, --region alone asks AWS, and a profile that is not there is said to be missing", async () => {
  const { url, environment } = await awsOf(shop);
  const keys = { AWS_ACCESS_KEY_ID: "AKIDENVIRONMENT", AWS_SECRET_ACCESS_KEY: "secret" };
  const byAddress = { ...environment, AWS_ENDPOINT_URL: url, ...keys };
  const queues = await expectJson("queues", ["queues"], { code: 0 }, byAddress);
  expect(queues).toContainEqual(expect.objectContaining({ name: "trades.fifo" }));
  expect(
    await expectJson("groups list", ["groups", "list", "--queue", "orders"], { code: 0 }, byAddress),
  ).toBeDefined();
  const missing = await inPipe(["queues", "--profile", "none", "--region", "us-east-1"], { environment });
  expect(missing).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("There are no AWS credentials"),
  });
  const wrong = await inPipe(["queues", "--endpoint", "localhost"], { environment });
  expect(wrong.stderr).toContain("It takes an address, as http://127.0.0.1:4566");
});

test.each(Object.entries(CHANGES))(
  `reliq %s, in a pipe, at a terminal and as JSON${WITHOUT}`,
  async (words, journey) => {
    for (const way of waysOf(words)) await go(words, journey, way);
  },
);

test.skipIf(NO_TERMINAL)(
  `a question at a terminal that is answered with no changes nothing, nor does Ctrl-C at it${WITHOUT}`,
  async () => {
    const [id = ""] = shop.invalid;
    const discard = ["failures", "discard", id, "--reason", "test data", "--endpoint", shop.endpoint];
    for (const [answer, code] of [
      ["n\r", 1],
      ["\u0003", 130],
      ["\u0004", 1],
    ] as const) {
      const terminal = startTerminal([...RELIQ, ...discard]);
      onTestFinished(terminal.kill);
      await vi.waitFor(() => expect(terminal.screen()).toContain("[y/N]"), { timeout: 60_000 });
      terminal.type(answer);
      expect([await terminal.ended, terminal.screen()]).toEqual([code, expect.stringContaining("Nothing is changed.")]);
    }
    const { stdout } = await inPipe(["failures", "show", id, "--endpoint", shop.endpoint]);
    expect(stdout).toContain(`${id}: held`);
  },
);

test.skipIf(NO_TERMINAL)(`reliq run, at a terminal: redrawn in colours, and ended by Ctrl-C${WITHOUT}`, async () => {
  const { terminal } = shop;
  await vi.waitFor(() => expect(stripVTControlCharacters(terminal.screen())).toMatch(/orders .*█/), {
    timeout: 30_000,
  });
  expect(terminal.screen()).toContain("\u001b[2K");
  terminal.type("\u0003");
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain("\u001b[?25h");
});

/** All ways that a command has. */
function waysOf(words: string): readonly Way[] {
  const hasJson = COMMANDS.get(words)?.includes("--json") ?? false;
  return ["pipe", ...(NO_TERMINAL ? [] : ["terminal" as const]), ...(hasJson ? ["json" as const] : [])];
}

async function go(words: string, journey: Journey, way: Way): Promise<void> {
  const { args, says, colourless = false, keys, lines = false, isElsewhere = false } = journey;
  const code = journey.code?.(way) ?? 0;
  const told = (await args?.(shop, way)) ?? [];
  const all = [...words.split(" "), ...told, ...(isElsewhere ? [] : ["--endpoint", shop.endpoint])];
  if (way === "json") {
    const answer = (await expectJson(words, all, { code, lines })) as { readonly id?: string };
    if (words.endsWith(" start")) shop.run = answer.id ?? "";
    return;
  }
  const expected: Expected = { code, says, colourless, keys: keys?.(shop, way) ?? [] };
  await (way === "pipe" ? expectPipe(all, expected) : expectTerminal(all, expected));
}

/** The shop's region as if it were AWS: behind an address that a profile names, and without what only a local region knows. */
async function awsOf({ endpoint }: Shop): Promise<{ readonly url: string; readonly environment: NodeJS.ProcessEnv }> {
  const url = await likeAws(endpoint);
  const directory = mkdtempSync(join(tmpdir(), "reliq-profile-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [config, credentials] = [join(directory, "config"), join(directory, "credentials")];
  writeFileSync(config, `[profile shop]\nregion = us-east-1\nendpoint_url = ${url}\n`);
  writeFileSync(credentials, "[shop]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n");
  const unset = ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "PROFILE", "REGION", "DEFAULT_REGION", "ENDPOINT_URL"];
  const environment = Object.fromEntries(unset.map((name) => [`AWS_${name}`, undefined]));
  return {
    url,
    environment: { ...environment, AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials },
  };
}
