import { styleText } from "node:util";
import { type AskedRegion, askedRegion } from "./asked-region.ts";
import { functionName, invokeFunction } from "./commands/invoke.ts";

/** One call of a function while the region is watched. */
export interface Round {
  readonly name: string;
  state: "done" | "failed" | "running";
  /** The function's answer, or what went wrong. */
  text: string;
}

/** Calls a function without waiting for it. */
export function startRound(endpoint: string, name: string): Round {
  const round: Round = { name, state: "running", text: "" };
  const called = askedRegion({ endpoint }).then((region) => callFunction(region, name));
  void called.then(
    (text) => Object.assign(round, { state: "done", text }),
    (error: Error) => Object.assign(round, { state: "failed", text: error.message }),
  );
  return round;
}

async function callFunction(region: AskedRegion, name: string): Promise<string> {
  const answer = await invokeFunction(region, await functionName(region, name));
  if (answer.error !== undefined) throw new Error(`${answer.error}: ${answer.payload}\n${answer.log}`);
  return answer.payload;
}

/** What to show of a round. */
export function describeRound(round: Round | undefined): string[] {
  switch (round?.state) {
    case undefined:
      return [];
    case "running":
      return [`${round.name} is running …`];
    case "done":
      return [`${round.name} answered ${round.text}`];
    case "failed":
      return [styleText("red", `${round.name} failed: ${round.text}`)];
  }
}
