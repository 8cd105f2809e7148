import { KeptKeyHash } from "./kept-key-hash.ts";

/**
 * How Reliq makes clients of the AWS SDK that are its own. The middleware of a command is put together once, and not at each request
 * (`cacheMiddleware` of the SDK's SmithyConfiguration): what is added to such a client after its first request has no effect. What
 * signs a request keeps its keys, but for functions that a Consumer construct has bundled: their cold starts have no time for it.
 */
export const CLIENT_SETTINGS: { readonly cacheMiddleware: true; readonly sha256?: typeof KeptKeyHash } = {
  cacheMiddleware: true,
  ...(process.env["RELIQ_WORKER"] !== "none" && { sha256: KeptKeyHash }),
};
