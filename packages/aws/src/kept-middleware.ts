/**
 * How Reliq makes clients of the AWS SDK that are its own: the middleware of a command is put together once, and not at each request
 * (`cacheMiddleware` of the SDK's SmithyConfiguration). What is added to such a client after its first request has no effect.
 */
export const KEPT_MIDDLEWARE: { readonly cacheMiddleware: true } = { cacheMiddleware: true };
