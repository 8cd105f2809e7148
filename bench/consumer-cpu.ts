import { fork } from "node:child_process";
import { startStubDynamodb, withServers } from "../harness/server-process.ts";

/** CPU a message, ours over Powertools', with schema, claim, a log line a message, and metrics. */
export interface CpuRatios {
  readonly cpuRatioStub: number;
  readonly cpuRatioSdk: number;
  readonly cpuRatioSdkAt100: number;
}

/** With a client whose `send` is a stub, and through the real SDK to a stub server in a process of its own. */
export async function measureCpu(): Promise<CpuRatios> {
  const cpuRatioStub = await ratio("stubbed client, batches of 10", ["10"]);
  return await withServers([startStubDynamodb], async ([stub]) => ({
    cpuRatioStub,
    cpuRatioSdk: await ratio("real SDK, batches of 10", ["10", stub?.endpoint ?? ""]),
    cpuRatioSdkAt100: await ratio("real SDK, batches of 100", ["100", stub?.endpoint ?? ""]),
  }));
}

async function ratio(what: string, args: readonly string[]): Promise<number> {
  const { reliq, powertools, ratio } = await runScript(args);
  console.error(`cpu  ${what}: Reliq ${reliq.toFixed(1)} µs a message, Powertools ${powertools.toFixed(1)} µs`);
  return Number(ratio.toFixed(3));
}

/** Medians of the turns: CPU a message of either side, microseconds, and one over the other. */
interface Measured {
  readonly reliq: number;
  readonly powertools: number;
  readonly ratio: number;
}

function runScript(args: readonly string[]): Promise<Measured> {
  const script = new URL("consumer-cpu-script.ts", import.meta.url);
  const child = fork(script, [...args], {
    execArgv: ["--conditions=@reliq/source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // As in Lambda, where Powertools writes its lines itself and the SDK's user agent names the runtime.
    env: { ...process.env, AWS_REGION: "us-east-1", POWERTOOLS_SERVICE_NAME: "orders", NODE_ENV: "production" },
  });
  return new Promise((resolve, reject) => {
    child.once("message", (measured) => resolve(measured as Measured));
    child.once("exit", (code) => reject(new Error(`${script.pathname} ended with ${code} before it had measured.`)));
  });
}
