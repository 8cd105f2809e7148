import { type Classification, measureClassification } from "./consumer-classify.ts";
import { type CpuRatios, measureCpu } from "./consumer-cpu.ts";
import { type Drained, measureDrain } from "./consumer-drain.ts";
import { countRequests, type Requests } from "./consumer-requests.ts";
import { measureSize, type Size } from "./consumer-size.ts";

/** The consumer and its worker against Powertools and sqs-consumer: requests, CPU, drain rates, what has to be loaded, and the classifying of errors. */
export async function benchConsumer(): Promise<Requests & CpuRatios & Drained & Size & Classification> {
  const size = await measureSize();
  const requests = await countRequests();
  const cpu = await measureCpu();
  const classification = await measureClassification();
  const drained = await measureDrain();
  return { ...requests, ...drained, ...cpu, ...size, ...classification };
}
