import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { startBrowser } from "../../harness/browser.ts";
import { failureStories } from "./failure-stories.ts";
import { groupStories } from "./group-stories.ts";
import { policyStories } from "./policy-stories.ts";
import { quarantineStories } from "./quarantine-stories.ts";
import { regionStories } from "./region-stories.ts";
import { repairStories } from "./repair-stories.ts";
import { runStories } from "./run-stories.ts";
import { safetyStories } from "./safety-stories.ts";
import { signedInStories } from "./signed-in-stories.ts";
import { type Stage, startStage } from "./stage.ts";
import type { Given } from "./story.ts";

let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([startStage(), startBrowser()]);
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await stage?.end();
});

const given = (): Given => ({ stage, browser });

describe("redrives and replays", () => runStories(given));
describe("failures", () => failureStories(given));
describe("repairs", () => repairStories(given));
describe("failure groups", () => groupStories(given));
describe("groups in quarantine", () => quarantineStories(given));
describe("the region", () => regionStories(given));
describe("policy and audit", () => policyStories(given));
describe("signed in by an issuer", () => signedInStories(given));
describe("safety", () => safetyStories(given));
