import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import type { BacktestReport, Policy } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { BacktestResult } from "./backtest-result.tsx";

interface BacktestPanelProps {
  readonly system: string;
  /** In force: what a candidate begins as. */
  readonly policy: Policy;
}

/** Runs a candidate policy on what has failed: what would have become of it otherwise. Nothing is changed. */
export function BacktestPanel({ system, policy }: BacktestPanelProps): ReactElement {
  const [text, setText] = useState(() => JSON.stringify(policy, undefined, 2));
  const [wrong, setWrong] = useState<string>();
  const [report, setReport] = useState<BacktestReport>();
  const [busy, setBusy] = useState(false);
  const backtest = async (): Promise<void> => {
    setBusy(true);
    setWrong(undefined);
    setReport(undefined);
    await runBacktest(system, text)
      .then(setReport)
      .catch((error: Error) => setWrong(error.message));
    setBusy(false);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A candidate on stored history: what would have become of the last 1,000 failures. It changes nothing."
          actions={
            <Button loading={busy} onClick={backtest}>
              Back-test
            </Button>
          }
        >
          Back-test
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField stretch label="Candidate policy" {...(wrong !== undefined && { errorText: wrong })}>
          <Textarea rows={12} spellcheck={false} value={text} onChange={({ detail }) => setText(detail.value)} />
        </FormField>
        {report ? (
          <BacktestResult system={system} report={report} />
        ) : (
          <Box color="text-body-secondary">It begins as the policy in force.</Box>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** @throws Refused, or an Error that says what is wrong in the candidate */
async function runBacktest(system: string, text: string): Promise<BacktestReport> {
  let policy: object;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw new Error(`The candidate is not JSON: ${String(error)}`, { cause: error });
  }
  const { problems } = await callApi(system, "check-policy", { policy });
  if (problems.length > 0) {
    throw new Error(problems.map(({ path, problem }) => `${path.join(".") || "policy"}: ${problem}`).join("; "));
  }
  return callApi(system, "backtest-policy", { policy });
}
