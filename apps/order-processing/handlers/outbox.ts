import { outboxHandler, producerFromEnvironment } from "@reliq/aws";

/** Sends what services have written for one queue. */
export const handler: ReturnType<typeof outboxHandler> = outboxHandler(producerFromEnvironment());
