import { expect, test } from "vitest";
import { NO_PROC } from "../harness/processes.ts";
import { chaosIngest } from "./ingest.ts";

test.skipIf(NO_PROC)(
  "what is acknowledged has exactly one effect, though the region and each function are killed and clients repeat",
  async () => {
    const { violations, kills, accepted } = await chaosIngest({ requests: 400, seed: 5, progress: () => {} });
    expect(violations).toEqual([]);
    expect(accepted).toBe(400);
    expect(kills).toBeGreaterThan(0);
  },
  600_000,
);
