import type { Region } from "@reliq/local";

/** Resolves when the region has stopped after Ctrl-C, SIGTERM, or the end of the terminal or of the parent; a second Ctrl-C ends at once. */
export async function untilStopped(region: Region, signal?: AbortSignal): Promise<void> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
  signal?.addEventListener("abort", () => abort(), { once: true });
  await Promise.race([untilAsked(), aborted, region.stopped]);
  process.once("SIGINT", () => process.exit(130));
  await region.stop();
}

/** Resolves on Ctrl-C, SIGTERM, or the end of the terminal or of the parent. */
export function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    // Not once: what shows the cursor again at the end of a process ends it, where it finds no listener but its own.
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => resolve());
    process.once("disconnect", () => resolve());
  });
}
