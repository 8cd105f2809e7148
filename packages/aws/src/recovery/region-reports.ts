import type { FunctionReport } from "@reliq/core";
import type { RecoverPorts } from "@reliq/core/recovery";

/** How the invocations that had a message ended, as the local region tells. */
export function regionReports(endpoint: string): NonNullable<RecoverPorts["reports"]> {
  return async (messageId) => {
    const path = `/2015-03-31/reliq-invocations?MessageId=${encodeURIComponent(messageId)}`;
    const answer = await fetch(new URL(path, endpoint));
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const { Invocations } = (await answer.json()) as { Invocations: readonly Invocation[] };
    return Invocations.map(({ Outcome = "running", StartedAt, EndedAt }) => ({
      outcome: Outcome,
      startedAtMs: StartedAt,
      endedAtMs: EndedAt,
    }));
  };
}

interface Invocation {
  readonly Outcome?: FunctionReport["outcome"];
  readonly StartedAt: number;
  readonly EndedAt?: number;
}
