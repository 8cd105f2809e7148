import { spawn } from "node:child_process";
import { once } from "node:events";

const MAIN = "apps/order-processing/gateway/main.ts";

/** Order processing's payment gateway and carrier for trials, in a process of its own. */
export interface PaymentGateway {
  readonly url: string;
  /** Sets what goes wrong from now on. */
  readonly setFaults: (faults: object) => Promise<void>;
  /** What it knows, by key: `movements`, `parcels` or `asked`. */
  readonly known: <T>(what: string) => Promise<Readonly<Record<string, T>>>;
  readonly end: () => void;
}

/** Starts it on a free port. */
export async function startPaymentGateway(): Promise<PaymentGateway> {
  const child = spawn(process.execPath, ["--conditions=@reliq/source", MAIN, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout ?? child, "data");
  const url = /http:\S+/.exec(String(line))?.[0] ?? "";
  return {
    url,
    setFaults: async (faults) => {
      await fetch(`${url}/faults`, { method: "PUT", body: JSON.stringify(faults) });
    },
    known: async (what) => (await (await fetch(`${url}/${what}`)).json()) as never,
    end: () => child.kill(),
  };
}
