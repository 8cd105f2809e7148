import { existsSync, readFileSync } from "node:fs";
import { type Policy, pathText, policyProblems } from "@reliq/core/recovery";
import type { Construct } from "constructs";
import { type PropCheck, refusedProp } from "./check-props.ts";

/** What is done with failed messages where nobody says it: each is held, and a person is told. */
const CAUTIOUS: Policy = { rules: [], otherwise: ["alert", "hold"] };

/** Fits a policy, or nothing; says what is wrong in one, with the rule and its field. */
export const policyCheck: PropCheck = (value) => {
  const problems = value === undefined ? [] : policyProblems(value);
  if (problems.length === 0) return undefined;
  return `a policy: ${problems.map(({ path, problem }) => `${pathText(path)}: ${problem}`).join(" ")}`;
};

/**
 * The policy of a prop: an object, or the path of a JSON file with one; a cautious one where there is none.
 * @param entry where the policy's repairs are registered; without one of yours there are none
 * @throws ReliqError `construct-prop` that names the rule, the field, its value and what it takes
 */
export function readPolicy(
  construct: Construct,
  given: Policy | string | undefined,
  entry: string | undefined,
): Policy {
  const policy = typeof given === "string" ? readFile(construct, given) : given;
  const takes = policyCheck(policy);
  if (takes !== undefined) throw refusedProp(construct, "policy", given, `it takes ${takes}`);
  const { rules } = policy ?? CAUTIOUS;
  const index = rules.findIndex(({ then }) => then.includes("repair"));
  if (index < 0 || entry !== undefined) return policy ?? CAUTIOUS;
  const path = pathText(["rules", index, "repair"]);
  const fix = "repairs are code: register it in a module of yours, and name that with `entry`";
  throw refusedProp(construct, "policy", given, `${path}: there is no repair ${rules[index]?.repair}; ${fix}`);
}

function readFile(construct: Construct, path: string): Policy {
  const takes = `it takes a policy, or the path of a JSON file with one, absolute or from the folder of cdk.json (now ${process.cwd()})`;
  if (!existsSync(path)) throw refusedProp(construct, "policy", path, takes);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Policy;
  } catch (error) {
    throw refusedProp(construct, "policy", path, `it is no JSON: ${String(error)}`);
  }
}
