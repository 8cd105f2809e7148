import type { FailureStore } from "../src/recovery/index.ts";
import type { ContractCase } from "./contract-case.ts";
import { COMMIT_CONTRACT } from "./failure-store-commits.ts";
import { GROUP_CONTRACT } from "./failure-store-groups.ts";
import { LIST_CONTRACT } from "./failure-store-lists.ts";
import { RUN_CONTRACT } from "./failure-store-runs.ts";

/** The rules of the FailureStore port: run each against every adapter. */
export const FAILURE_STORE_CONTRACT: readonly ContractCase<FailureStore>[] = [
  ...COMMIT_CONTRACT,
  ...GROUP_CONTRACT,
  ...LIST_CONTRACT,
  ...RUN_CONTRACT,
];
