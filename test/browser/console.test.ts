import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { startBrowser } from "./browser.ts";
import { failureStories } from "./failure-stories.ts";
import { type Stage, startStage } from "./stage.ts";

let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([startStage(), startBrowser()]);
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await stage?.end();
});

const given = (): { stage: Stage; browser: Browser } => ({ stage, browser });

describe("failures", () => failureStories(given));
