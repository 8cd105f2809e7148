import { reliq } from "./command.ts";

/** What doctor finds in a region, each as `severity rule resource`, and how it exits. */
export async function readFindings(
  endpoint: string,
): Promise<{ readonly code: number | null; readonly found: readonly string[] }> {
  const { code, output } = await reliq("doctor", "--json", "--endpoint", endpoint);
  const { findings } = JSON.parse(output) as {
    readonly findings: readonly { readonly rule: string; readonly severity: string; readonly resource: string }[];
  };
  return { code, found: findings.map(({ rule, severity, resource }) => `${severity} ${rule} ${resource}`).toSorted() };
}
