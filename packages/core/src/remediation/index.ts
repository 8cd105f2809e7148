export { type AppliedRemedy, decideRemedy, type RemedyDecision, type RemedySight } from "./decide-remedy.ts";
export {
  type CompleteRemedy,
  completeRemedies,
  type PauseIntake,
  type Remedy,
  type ScaleConcurrency,
  type WidenThrottle,
} from "./remedy.ts";
