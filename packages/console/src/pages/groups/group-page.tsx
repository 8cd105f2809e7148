import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { FailureGroup, GroupDetail } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { type Answered, useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { useRevision } from "../../live/live.tsx";
import { hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { FailureTable } from "../failures/failure-table.tsx";
import { DeathsByHour } from "./deaths-by-hour.tsx";
import { GroupActions } from "./group-actions.tsx";
import { GroupStateIndicator } from "./group-state.tsx";

/** One problem: when messages died of it, which, and what is done about it. */
export function GroupPage(): ReactElement {
  const { path } = usePlace();
  const [, system = "", id = ""] = path;
  const answered = useAnswer(
    `group ${system} ${id}`,
    (signal) => callApi(system, "get-group", { group: id }, signal),
    useRevision(system),
  );
  return (
    <SpaceBetween size="l">
      <AnswerError answered={answered} />
      {answered.value && <GroupContent system={system} detail={answered.value} answered={answered} />}
      {!answered.value && !answered.error && <Spinner size="large" />}
    </SpaceBetween>
  );
}

interface GroupContentProps {
  readonly system: string;
  readonly detail: GroupDetail;
  readonly answered: Answered<GroupDetail>;
}

function GroupContent({ system, detail, answered }: GroupContentProps): ReactElement {
  const { group, hours } = detail;
  const { queue, fingerprint } = group;
  return (
    <PageLayout
      title={inertText(group.errorName)}
      description={queue}
      info={<GroupStateIndicator state={group.state} />}
      actions={<GroupActions system={system} group={group} onDone={answered.reload} />}
    >
      <Container header={<Header variant="h2">Problem</Header>}>
        <SpaceBetween size="l">
          <SpaceBetween direction="horizontal" size="xs">
            <Badge color={group.severity === "critical" ? "severity-critical" : "severity-medium"}>
              {group.severity}
            </Badge>
            <Box>
              <span className="break-anywhere">{inertText(group.message)}</span>
            </Box>
          </SpaceBetween>
          <KeyValuePairs columns={4} minColumnWidth={200} items={factsOf(system, group)} />
        </SpaceBetween>
      </Container>
      <DeathsByHour hours={hours} />
      <FailureTable system={system} asked={{ queue, fingerprint }} fixed />
    </PageLayout>
  );
}

function factsOf(system: string, group: FailureGroup): { label: string; value: ReactElement | string }[] {
  const { queue, fingerprint, ignoredUntilMs, ignoredUntilDeaths, resolvedInVersion, changedBy } = group;
  return [
    { label: "Deaths", value: group.deaths.toLocaleString("en") },
    { label: "Seen last", value: <Moment atMs={group.lastSeenAtMs} /> },
    { label: "Seen first", value: <Moment atMs={group.firstSeenAtMs} /> },
    { label: "Category", value: group.category },
    { label: "Healing", value: `${group.healing}: ${group.heals} healed, ${group.relapses} relapsed` },
    { label: "Fingerprint", value: <span className="break-anywhere">{fingerprint}</span> },
    {
      label: "Bring them back",
      value: (
        <>
          <InlineLink href={hrefOf(["redrives"], { system, queue, fingerprint })}>Plan a redrive</InlineLink>
          <br />
          <InlineLink href={hrefOf(["repairs"], { system, group: group.id })}>Repair them</InlineLink>
        </>
      ),
    },
    ...(changedBy === undefined ? [] : [{ label: "Changed by", value: changedBy }]),
    ...(resolvedInVersion === undefined ? [] : [{ label: "Resolved in version", value: resolvedInVersion }]),
    ...(ignoredUntilMs === undefined ? [] : [{ label: "Ignored until", value: formatTime(ignoredUntilMs) }]),
    ...(ignoredUntilDeaths === undefined ? [] : [{ label: "Ignored until deaths", value: String(ignoredUntilDeaths) }]),
  ];
}
