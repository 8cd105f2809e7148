import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { GameDay } from "reliq/gameday";
import { expect, test } from "vitest";
import { ALARM_DAYS, alarmsOf } from "../gamedays/parts/alarms.ts";

const APP = "apps/event-ingestion";

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: { AlarmName?: string } }>>;
}

/** The alarms that the app defines: by their names, or by their logical ids, of which CloudFormation makes names. */
function definedAlarms(): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), "game-day-alarms-"));
  try {
    const { context } = JSON.parse(readFileSync(join(APP, "cdk.json"), "utf8")) as { readonly context: object };
    const CDK_CONTEXT_JSON = JSON.stringify({ ...context, "aws:cdk:bundling-stacks": [] });
    const { status, stderr } = spawnSync(process.execPath, ["--conditions=@reliq/source", "app.ts"], {
      cwd: APP,
      env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON },
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    return globSync(join(outdir, "*.template.json")).flatMap((file) =>
      Object.entries((JSON.parse(readFileSync(file, "utf8")) as Template).Resources)
        .filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")
        .map(([id, { Properties }]) => Properties?.AlarmName ?? id),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

async function ingestionDays(): Promise<readonly GameDay[]> {
  const modules = await Promise.all(
    globSync("gamedays/*.ts").map(
      (file) => import(`../gamedays/${basename(file, ".ts")}.ts`) as Promise<{ gameDay: GameDay }>,
    ),
  );
  return modules.map(({ gameDay }) => gameDay).filter(({ app }) => app === APP);
}

test("every alarm that event ingestion defines has a game day in which it has to fire and to clear", () => {
  const parts = Object.keys(ALARM_DAYS);
  const found = definedAlarms().map((name) => ({ name, parts: parts.filter((part) => name.includes(part)) }));
  expect(found.filter(({ parts: { length } }) => length !== 1)).toEqual([]);
  expect(found.flatMap((each) => each.parts).toSorted()).toEqual(parts.toSorted());
}, 60_000);

test("each game day of event ingestion asks for the alarms of the table, and the table names no other game day", async () => {
  const days = await ingestionDays();
  for (const { name, alarms } of days) expect(alarms, name).toEqual(alarmsOf(name));
  const names = days.map(({ name }) => name);
  expect(
    Object.values(ALARM_DAYS)
      .flat()
      .filter((name) => !names.includes(name)),
  ).toEqual([]);
});
