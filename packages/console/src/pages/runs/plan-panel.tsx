import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { RedriveRun, RunPlan } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { go, hrefOf, usePlace } from "../../navigation/place.ts";
import { tellRefused } from "../../parts/tell-refused.ts";
import { useTell } from "../../shell/notices.tsx";
import { useMay } from "../../shell/region.tsx";
import { DraftFields } from "./draft-fields.tsx";
import { PlanTable } from "./plan-table.tsx";
import { askedOf, draftOf } from "./run-filter.ts";

interface PlanPanelProps {
  readonly kind: RedriveRun["kind"];
  readonly system: string;
}

/** Plans a run, shows what it would do message by message, and starts it. */
export function PlanPanel({ kind, system }: PlanPanelProps): ReactElement {
  const { query } = usePlace();
  const [draft, setDraft] = useState(() => draftOf(query));
  const [plan, setPlan] = useState<RunPlan>();
  const [busy, setBusy] = useState(false);
  const mayOperate = useMay("operator");
  const tell = useTell();
  const refused = (error: Refused): void => tellRefused(error, tell);
  const makePlan = async (): Promise<void> => {
    setBusy(true);
    await callApi(system, `plan-${kind}`, askedOf(draft)).then(setPlan).catch(refused);
    setBusy(false);
  };
  const start = async (): Promise<void> => {
    setBusy(true);
    await callApi(system, `start-${kind}`, askedOf(draft))
      .then(({ id }) => go(hrefOf([`${kind}s`, system, id])))
      .catch(refused);
    setBusy(false);
  };
  const safe = plan?.counts.safe ?? 0;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={busy || draft.queue === ""} onClick={makePlan}>
                {kind === "redrive" ? "Plan" : "Dry run"}
              </Button>
              <Button variant="primary" disabled={busy || !mayOperate || safe === 0} onClick={start}>
                Start {kind}
              </Button>
            </SpaceBetween>
          }
        >
          New {kind}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <DraftFields
          system={system}
          draft={draft}
          onChange={(changed) => {
            setDraft({ ...draft, ...changed });
            setPlan(undefined);
          }}
        />
        {plan ? (
          <PlanTable plan={plan} system={system} />
        ) : (
          <Box color="text-body-secondary">A plan changes nothing: it gives each message a verdict.</Box>
        )}
      </SpaceBetween>
    </Container>
  );
}
