import { LARGE_BODIES_BUCKET, needText } from "../environment.ts";
import { claimCheck } from "../s3/claim-check.ts";
import { type Producer, type ProducerOptions, producer } from "./producer.ts";

/**
 * Makes a producer from the environment that the Outbox construct sets: `RELIQ_QUEUE_URL` and, where large bodies go to S3,
 * `RELIQ_LARGE_BODIES_BUCKET`. `options` say what else the queue needs, such as a FIFO queue's `groupId`.
 * @throws ReliqError `environment` that names a missing variable; `producer-option`.
 */
export function producerFromEnvironment(
  options: Partial<ProducerOptions> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Producer {
  const takes = "the URL of the queue to send to";
  return producer({
    queueUrl: options.queueUrl ?? needText(environment, "RELIQ_QUEUE_URL", takes, "The Outbox construct"),
    // The constructs replace this variable in bundles of functions without large bodies, which then leave S3's client out.
    ...(process.env["RELIQ_LARGE_BODIES"] === "none" ? {} : largeBodies(environment)),
    ...options,
  });
}

function largeBodies(environment: NodeJS.ProcessEnv): Pick<ProducerOptions, "claimCheck"> {
  const bucket = environment[LARGE_BODIES_BUCKET];
  return bucket ? { claimCheck: claimCheck({ bucket }) } : {};
}
