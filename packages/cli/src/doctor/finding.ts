import type { DeployedParts } from "./deployment.ts";

/** What is wrong with something that is deployed. */
export interface Finding {
  /** `error`: messages are lost, doubled or stuck by it. `warning`: they are when something else goes wrong, too. */
  readonly severity: "error" | "warning";
  /** The name of the queue, mapping or alarm. */
  readonly resource: string;
  readonly what: string;
  /** What comes of it, and who says so. */
  readonly why: string;
  /** A line of CDK, or a command. */
  readonly fix: string;
}

/** Looks for one kind of mistake; pure. */
export type Rule = (parts: DeployedParts) => readonly Finding[];
