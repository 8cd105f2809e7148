import { styleText } from "node:util";
import { type AskedRegion, askedRegion, type RegionOptions } from "../asked-region.ts";
import { compareDescription } from "../doctor/compare-description.ts";
import type { DeployedParts } from "../doctor/deployment.ts";
import { loadDescription } from "../doctor/load-description.ts";
import { readDeployment } from "../doctor/read-deployment.ts";
import { readSubscriptions } from "../doctor/read-subscriptions.ts";
import { examine, type NamedFinding, RULES } from "../doctor/rules.ts";
import { safeJson, safeLine } from "../safe-text.ts";

interface DoctorOptions extends RegionOptions {
  readonly queue?: string;
  readonly json?: boolean;
  /** A module that exports what is to be deployed. */
  readonly description?: string;
}

/** `reliq doctor`: what is wrong in the settings of what is deployed, and how to mend it; exits 1 where something of it loses, doubles or holds up messages. */
export async function doctor({ queue, json, description, ...where }: DoctorOptions): Promise<void> {
  const { settings } = await askedRegion(where);
  const parts = await readDeployment(settings);
  const differing = description === undefined ? [] : await compare(description, parts, settings);
  const findings = [...differing, ...examine(parts)].filter(
    ({ resource }) => queue === undefined || resource === queue,
  );
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0) process.exitCode = 1;
  if (json) return console.log(safeJson({ examined: examined(parts), findings }));
  const { queues, functions, mappings, alarms } = examined(parts);
  const looked = `${queues} queues, ${functions} functions, ${mappings} event sources and ${alarms} alarms by ${Object.keys(RULES).length} rules`;
  const end =
    findings.length === 0
      ? styleText("green", `✓ Nothing is wrong with ${looked}.`)
      : styleText("bold", `${errors} errors and ${findings.length - errors} warnings, of ${looked}.`);
  console.log([...findings.map(describe), end].join("\n\n"));
}

async function compare(
  file: string,
  parts: DeployedParts,
  settings: AskedRegion["settings"],
): Promise<readonly NamedFinding[]> {
  const described = await loadDescription(file);
  const found = compareDescription(described, { ...parts, subscriptions: await readSubscriptions(settings) });
  return found.map((finding) => ({ rule: "differs-from-description", ...finding }));
}

function examined({ queues, functions, mappings, alarms, senders }: DeployedParts): Readonly<Record<string, number>> {
  return {
    queues: queues.length,
    functions: functions.length,
    mappings: mappings.length,
    alarms: alarms.length,
    senders: senders.length,
  };
}

function describe({ rule, severity, resource, what, why, fix }: NamedFinding): string {
  const mark = severity === "error" ? styleText("red", "✗ error") : styleText("yellow", "! warning");
  return [
    `${mark}  ${styleText("bold", resource)}  ${styleText("dim", rule)}`,
    `  ${safeLine(what, 500)}`,
    `  ${safeLine(why, 500)}`,
    `  ${styleText("green", "Fix:")} ${safeLine(fix, 500)}`,
  ].join("\n");
}
