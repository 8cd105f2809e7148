import { setTimeout as wait } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { askedRegion, type RegionOptions } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { safeJson, safeLine } from "../safe-text.ts";

interface FailoverOptions extends RegionOptions {
  readonly json?: boolean;
}

/** How things stand, as a system's function for failover answers. */
interface Standing {
  readonly here: string;
  readonly other: string;
  /** The active one. */
  readonly region: string;
  readonly epoch: number;
  readonly sinceMs: number;
  readonly isAlone: boolean;
  /** How long until the active region works, milliseconds. */
  readonly waitMs: number;
}

/** The same, with what a call of `resume` has done; without a cursor it was the last. */
interface Resumed extends Standing {
  readonly looked: number;
  readonly sent: number;
  readonly cursor?: string;
}

type Ask = <T extends Standing>(request: object) => Promise<T>;

/** `reliq failover status <system>`: which region is active, as the one that is asked knows it. */
export async function failoverStatus(system: string, { json, ...where }: FailoverOptions): Promise<void> {
  const standing = await asker(system, where)<Standing>({ action: "status" });
  console.log(json ? safeJson(standing) : describe(standing));
}

/**
 * `reliq failover start <system>`: fences the other region by a new epoch, and sends again what was in flight, by what this region has of it. Each step can be
 * repeated, so the whole can, also after it was killed.
 */
export async function failoverStart(system: string, { json, ...where }: FailoverOptions): Promise<void> {
  const began = performance.now();
  const say = (line: string): void => (json ? console.error(line) : console.log(line));
  const ask = asker(system, where);
  const taken = await ask<Standing>({ action: "take-over" });
  const takeoverMs = Math.round(performance.now() - began);
  if (taken.region !== taken.here) {
    throw new CommandError(
      `${taken.region} took over in the same moment (epoch ${taken.epoch}): ask again who is to be active.`,
    );
  }
  say(describe(taken));
  if (taken.waitMs > 0) {
    say(
      `It works in ${Math.ceil(taken.waitMs / 1_000)} s: until then ${taken.other} may be at work on what it has begun.`,
    );
    await wait(taken.waitMs);
  }
  const { looked, sent } = await resumeAll(ask, say);
  const seconds = (performance.now() - began) / 1_000;
  if (json) console.log(safeJson({ ...taken, looked, sent, takeoverMs, seconds }));
  else console.log(`Done in ${seconds.toFixed(1)} s: ${looked} orders were looked at, and ${sent} go on here.`);
}

/** `reliq failover rejoin <system>`: what came late from the other region goes on here, too; then orders wait for both regions again. */
export async function failoverRejoin(system: string, { json, ...where }: FailoverOptions): Promise<void> {
  const say = (line: string): void => (json ? console.error(line) : console.log(line));
  const ask = asker(system, where);
  const { looked, sent } = await resumeAll(ask, say);
  const standing = await ask<Standing>({ action: "rejoin" });
  if (json) return console.log(safeJson({ ...standing, looked, sent }));
  console.log(`${looked} orders were looked at, and ${sent} go on here.\n${describe(standing)}`);
}

async function resumeAll(ask: Ask, say: (line: string) => void): Promise<{ looked: number; sent: number }> {
  let [looked, sent, cursor] = [0, 0, undefined as string | undefined];
  do {
    const some = await ask<Resumed>({ action: "resume", ...(cursor !== undefined && { cursor }) });
    looked += some.looked;
    sent += some.sent;
    cursor = some.cursor;
    if (cursor !== undefined) say(`${looked} orders looked at, ${sent} sent again …`);
  } while (cursor !== undefined);
  return { looked, sent };
}

function asker(system: string, where: RegionOptions): Ask {
  const client = askedRegion(where).then(({ settings }) => new LambdaClient(settings));
  const FunctionName = `${system}-failover`;
  return async <T extends Standing>(request: object): Promise<T> => {
    const { Payload, FunctionError } = await (await client)
      .send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) }))
      .catch((error: unknown) => {
        throw explained(error, FunctionName);
      });
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || "{}") as T & { readonly errorMessage?: string };
    if (FunctionError === undefined) return answer;
    throw new CommandError(safeLine(`${FunctionName} failed: ${answer.errorMessage ?? FunctionError}`, 1_000));
  };
}

function explained(error: unknown, name: string): unknown {
  if ((error as Error).name !== "ResourceNotFoundException") return error;
  return new CommandError(
    `There is no function ${name} there: a system that runs in two regions has one. Check the name of the system, and which region is asked.`,
    { cause: error },
  );
}

function describe({ here, other, region, epoch, sinceMs, isAlone }: Standing): string {
  const since = sinceMs === 0 ? "from the beginning" : `since ${new Date(sinceMs).toISOString()}`;
  if (region !== here) return `${here} is in standby: ${region} is active ${since} (epoch ${epoch}).`;
  const alone = isAlone ? `, and goes on without ${other}` : "";
  return `${here} is active ${since} (epoch ${epoch})${alone}.`;
}
