/** Whether an IAM policy allows to invoke a route: a denial counts more than what allows (IAM user guide, Policy evaluation logic). */
export function policyAllows(document: unknown, routeArn: string): boolean | undefined {
  const statements = (document as { Statement?: unknown } | undefined)?.Statement;
  if (statements === undefined) return undefined;
  const effects = [statements]
    .flat()
    .filter((each) => statementFits(each as Statement, routeArn))
    .map((each) => (each as Statement).Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

function statementFits({ Action = [], Resource = [] }: Statement, routeArn: string): boolean {
  const fits = (patterns: string | readonly string[], text: string, flags: string): boolean =>
    [patterns].flat().some((pattern) => wildcard(pattern, flags).test(text));
  return fits(Action, "execute-api:Invoke", "is") && fits(Resource, routeArn, "s");
}

/** `*` stands for any characters, `?` for one; actions are compared in any case. */
function wildcard(pattern: string, flags: string): RegExp {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, flags);
}
