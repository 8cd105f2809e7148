import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Table from "@cloudscape-design/components/table";
import type { Policy } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { formatSeconds } from "../../format/time.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { BacktestPanel } from "./backtest-panel.tsx";
import { ExplainPanel } from "./explain-panel.tsx";

/** What is done with failed messages: the rules in force, what they make of one message, and what others would have made of all. */
export function PolicyPage(): ReactElement {
  const system = useSystem();
  const answered = useAnswer(`policy ${system}`, (signal) => callApi(system, "get-policy", {}, signal));
  const { value } = answered;
  return (
    <PageLayout
      title="Policy"
      description="What is done with failed messages: the first rule that matches decides."
      actions={<SystemSelect />}
    >
      <AnswerError answered={answered} />
      {value && <Rules policy={value.policy} />}
      {value && <Limits policy={value.policy} repairs={value.repairs} />}
      <ExplainPanel system={system} />
      {value && <BacktestPanel key={system} system={system} policy={value.policy} />}
    </PageLayout>
  );
}

function Rules({ policy }: { readonly policy: Policy }): ReactElement {
  return (
    <Table
      items={policy.rules.map((rule, index) => ({ ...rule, place: index + 1 }))}
      trackBy="name"
      header={
        <Header variant="h2" counter={`(${policy.rules.length})`}>
          Rules
        </Header>
      }
      ariaLabels={{ tableLabel: "Rules" }}
      empty={<Empty>There is no rule: every message is held.</Empty>}
      columnDefinitions={[
        { id: "place", header: "#", cell: ({ place }) => place },
        { id: "name", header: "Rule", isRowHeader: true, cell: ({ name }) => name },
        { id: "when", header: "When", cell: ({ when }) => describeCondition(when) },
        {
          id: "then",
          header: "Then",
          cell: ({ then, repair }) => [...then, ...(repair === undefined ? [] : [`(${repair})`])].join(", "),
        },
        {
          id: "backoff",
          header: "Backoff",
          cell: ({ backoff }) =>
            backoff ? `${formatSeconds(backoff.baseSeconds)} to ${formatSeconds(backoff.capSeconds)}` : "the policy's",
        },
        { id: "heals", header: "Heals at most", cell: ({ maxHeals }) => maxHeals ?? "the policy's" },
      ]}
    />
  );
}

/** `category auth or timeout, ageSeconds from 60` */
function describeCondition(when: object): string {
  const parts = Object.entries(when).map(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return `${name} ${value.join(" or ")}`;
    if (typeof value !== "object" || value === null) return `${name} ${value}`;
    const bounds = Object.entries(value).map(([bound, number]) => `${bound} ${number}`);
    return `${name} ${bounds.join(" ")}`;
  });
  return parts.join(", ") || "always";
}

interface LimitsProps {
  readonly policy: Policy;
  readonly repairs: readonly string[];
}

function Limits({ policy, repairs }: LimitsProps): ReactElement {
  const { otherwise = ["hold"], exhausted = ["archive"], maxHeals = 3, onArchive = "hold" } = policy;
  const { baseSeconds, capSeconds } = policy.backoff ?? { baseSeconds: 30, capSeconds: 3_600 };
  const { relapses, share } = policy.budget ?? { relapses: 20, share: 0.5 };
  return (
    <Container header={<Header variant="h2">Limits</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={180}
        items={[
          { label: "Where no rule matches", value: otherwise.join(", ") },
          { label: "Heals at most", value: `${maxHeals}, then ${exhausted.join(", ")}` },
          { label: "Backoff", value: `${formatSeconds(baseSeconds)} to ${formatSeconds(capSeconds)}` },
          { label: "Failure budget", value: `${relapses} relapses, ${share * 100} % of the heals` },
          { label: "Alerts of one problem", value: `one in ${formatSeconds(policy.alertWindowSeconds ?? 3_600)}` },
          { label: "A group whose message is archived", value: onArchive === "skip" ? "goes on" : "waits" },
          { label: "Registered repairs", value: repairs.join(", ") || "none" },
        ]}
      />
    </Container>
  );
}
