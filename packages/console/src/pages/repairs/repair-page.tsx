import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { useSystem } from "../../parts/system-select.tsx";
import { RepairPanel } from "./repair-panel.tsx";
import { scopeOf } from "./repair-scope.ts";

/** Repairs of many held messages at once, of a group or of what a filter finds: what would change is seen before it does. */
export function RepairPage(): ReactElement {
  const system = useSystem();
  const { query } = usePlace();
  const scope = scopeOf(query);
  const answered = useAnswer(`repairs ${system}`, (signal) => callApi(system, "get-policy", {}, signal));
  const repairs = answered.value?.repairs;
  return (
    <PageLayout
      title="Repair"
      description="A registered repair cures a known fault of held messages: what it would change is shown before it does."
    >
      <SpaceBetween size="l">
        <AnswerError answered={answered} />
        {!scope && (
          <Alert>
            Say which messages by a filter:{" "}
            <InlineLink href={hrefOf(["failures"], { system, state: "held" })}>the held messages</InlineLink>.
          </Alert>
        )}
        {repairs?.length === 0 && (
          <Alert>No repair is registered for {system}: they are given to the function of its recovery API.</Alert>
        )}
        {scope && repairs && repairs.length > 0 && (
          <RepairPanel key={JSON.stringify([system, scope])} system={system} scope={scope} repairs={repairs} />
        )}
      </SpaceBetween>
    </PageLayout>
  );
}
