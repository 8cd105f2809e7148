import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GameDay } from "./game-day.ts";
import type { Played } from "./play-game-day.ts";
import { writeReport } from "./report.ts";

const GAME_DAY: GameDay = {
  name: "outage",
  hypothesis: "Nothing is lost.",
  fault: "The downstream is gone.",
  app: "apps/shop",
  charts: [{ title: "Queue", unit: "messages", lines: ["waiting", "unseen"] }],
  run: async () => [],
};

const PLAYED: Played = {
  ...GAME_DAY,
  scale: 0.5,
  seconds: 9,
  verdict: "refuted",
  beganAtMs: 1_000,
  phases: [{ name: "outage", fromSeconds: 2 }],
  moments: [1, 2].map((atSeconds) => ({ atSeconds, sample: { waiting: atSeconds * 10 } })),
  measures: [{ name: "lost", value: 3, asked: "exactly 0", holds: false }],
  alarms: [{ name: "age", severity: "critical", firedAtMs: [5_400], inAlarm: true }],
};

test("a report is Markdown with drawings, and beside it the data that they are made of", () => {
  const file = join(mkdtempSync(join(tmpdir(), "reliq-report-")), "outage.md");
  writeReport(file, GAME_DAY, PLAYED);
  expect(readFileSync(file, "utf8")).toMatch(
    /^# Game day outage: refuted\n[\s\S]*\| lost \| 3 \| exactly 0 \| ✗ \|[\s\S]*!\[Queue\]\(outage-1\.svg\)/,
  );
  expect(readFileSync(file.replace(".md", "-1.svg"), "utf8")).toContain("<polyline");
  expect(JSON.parse(readFileSync(file.replace(".md", ".json"), "utf8"))).toEqual({
    verdict: "refuted",
    beganAtMs: 1_000,
    seconds: 9,
    scale: 0.5,
    measures: PLAYED.measures,
    alarms: [{ name: "age", severity: "critical", firedAfterSeconds: [4], cleared: false }],
    charts: [
      {
        title: "Queue",
        unit: "messages",
        lines: [
          {
            name: "waiting",
            points: [
              [1, 10],
              [2, 20],
            ],
          },
          { name: "unseen", points: [] },
        ],
        spans: [{ name: "outage", fromSeconds: 2, untilSeconds: 9 }],
      },
    ],
  });
});
