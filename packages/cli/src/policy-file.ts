import { readFileSync } from "node:fs";
import { type PolicyProblem, pathText, policyProblems } from "@reliq/core/recovery";
import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { CommandError } from "./command-error.ts";

/** A policy's file, and what is wrong in it: a line a problem, `policy.yaml:3:5: rules[0].when.cause: …`. */
export interface PolicyFile {
  readonly policy: object;
  readonly problems: readonly string[];
}

/** Reads a policy, YAML or JSON. @throws CommandError where the file is not there */
export function readPolicyFile(file: string): PolicyFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    return {
      policy: {},
      problems: document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.split("\n")[0]}`),
    };
  }
  const policy: unknown = document.toJS({ maxAliasCount: 100 });
  const problems = policyProblems(policy).map(
    ({ path, problem }) => `${at(offsetOf(document, path))}: ${pathText(path)}: ${problem}`,
  );
  return { policy: policy as object, problems };
}

/** Reads a policy that must be right. @throws CommandError with each problem and its place */
export function needPolicy(file: string): object {
  const { policy, problems } = readPolicyFile(file);
  if (problems.length > 0) throw new CommandError(problems.join("\n"));
  return policy;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`The policy ${file} cannot be read: ${String(error)}`);
  }
}

/** Where a path is in the text: its key, else its value, else what holds it. */
function offsetOf(document: Document, path: PolicyProblem["path"]): number {
  const last = path.at(-1);
  const holder = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (typeof last === "string" && isMap(holder)) {
    const pair = holder.items.find(({ key }) => isScalar(key) && key.value === last);
    const range = isScalar(pair?.key) ? pair.key.range : undefined;
    if (range) return range[0];
  }
  const node = (path.length > 0 ? document.getIn(path, true) : document.contents) as
    | { readonly range?: readonly number[] }
    | undefined;
  return node?.range?.[0] ?? (path.length > 0 ? offsetOf(document, path.slice(0, -1)) : 0);
}
