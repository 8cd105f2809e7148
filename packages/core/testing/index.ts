export { type ContractCase, JOURNAL_CONTRACT, sampleEntry } from "./journal-contract.ts";
export { memoryJournal } from "./memory-journal.ts";
export { anyBody, sampleMessage, sampleSchema } from "./samples.ts";
