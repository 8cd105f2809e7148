import type { Region } from "@reliq/local";

/** Resolves when the region has stopped after Ctrl-C, SIGTERM, or the end of the terminal or of the parent; a second Ctrl-C ends at once. */
export async function untilStopped(region: Region, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => resolve());
    process.once("disconnect", () => resolve());
    signal?.addEventListener("abort", () => resolve(), { once: true });
    void region.stopped.then(resolve);
  });
  process.once("SIGINT", () => process.exit(130));
  await region.stop();
}
