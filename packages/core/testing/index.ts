export { CLAIM_CONTRACT, sampleClaim } from "./claim-contract.ts";
export type { ContractCase } from "./contract-case.ts";
export { sampleGroup } from "./failure-samples.ts";
export { JOURNAL_CONTRACT, sampleEntry } from "./journal-contract.ts";
export { memoryJournal } from "./memory-journal.ts";
export { samplePorts } from "./sample-ports.ts";
export { anyBody, sampleMessage, sampleSchema } from "./samples.ts";
