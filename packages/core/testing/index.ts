export { CLAIM_CONTRACT, sampleClaim } from "./claim-contract.ts";
export type { ContractCase } from "./contract-case.ts";
export { sampleAudit, sampleCount, sampleFailure, sampleGroup } from "./failure-samples.ts";
export { FAILURE_STORE_CONTRACT } from "./failure-store-contract.ts";
export { JOURNAL_CONTRACT, sampleEntry } from "./journal-contract.ts";
export { memoryFailureStore } from "./memory-failure-store.ts";
export { memoryJournal } from "./memory-journal.ts";
export { samplePorts } from "./sample-ports.ts";
export { anyBody, sampleMessage, sampleSchema } from "./samples.ts";
