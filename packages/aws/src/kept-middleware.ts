import { type WholeAnswers, wholeAnswers } from "./whole-answers.ts";

/**
 * How Reliq makes clients of the AWS SDK that are its own: the middleware of a command is put together once, and not at each request
 * (`cacheMiddleware` of the SDK's SmithyConfiguration; only for requests that are sent without options of their own), and answers are read whole. What is added to such a client after
 * its first request has no effect. Not for clients whose answers are streams, such as S3's.
 */
export const KEPT_MIDDLEWARE: { readonly cacheMiddleware: true; readonly requestHandler: WholeAnswers } = {
  cacheMiddleware: true,
  // Each client has connections of its own, which end with it.
  get requestHandler() {
    return wholeAnswers();
  },
};
