export { type ClaimCheckOptions, claimCheck } from "./claim-check.ts";
