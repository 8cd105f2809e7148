import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FailedMessage } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { hrefOf } from "../../navigation/place.ts";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";

interface CauseOfDeathPanelProps {
  readonly system: string;
  readonly failure: FailedMessage;
}

/** Why a message died, and what that was read from. */
export function CauseOfDeathPanel({ system, failure }: CauseOfDeathPanelProps): ReactElement {
  const { reason, cause } = failure;
  return (
    <Container header={<Header variant="h2">Cause of death</Header>}>
      <SpaceBetween size="l">
        <div>
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <Badge color={reason.severity === "critical" ? "severity-critical" : "severity-medium"}>
              {reason.severity}
            </Badge>
            <Box variant="h3" padding="n">
              <span className="break-anywhere">
                {inertText(reason.errorName)}: {cause}
              </span>
            </Box>
          </SpaceBetween>
          <Box variant="p" padding={{ top: "xs" }}>
            <span className="break-anywhere">{inertText(reason.message)}</span>
          </Box>
        </div>
        <KeyValuePairs columns={4} minColumnWidth={200} items={factsOf(system, failure)} />
      </SpaceBetween>
    </Container>
  );
}

function factsOf(system: string, failure: FailedMessage): KeyValuePairsProps.Item[] {
  const { reason, queue, evidence, inferred, consumer, consumerVersion, groupId } = failure;
  const group = `${queue}:${reason.fingerprint}`;
  return [
    { label: "Evidence", value: inferred ? `${evidence} (read from what is missing)` : evidence },
    {
      label: "Category",
      value: `${reason.category}, ${reason.retryable ? "can succeed later" : "never succeeds as it is"}`,
    },
    {
      label: "Problem",
      value: <InlineLink href={hrefOf(["groups", system, group])}>All failures like this one</InlineLink>,
    },
    { label: "Consumer", value: consumer === undefined ? "unknown" : `${consumer} ${consumerVersion ?? ""}` },
    { label: "Died", value: <Moment atMs={failure.diedAtMs} /> },
    { label: "Accepted", value: formatTime(failure.sentAtMs) },
    { label: "Deaths, receives", value: `${failure.deaths}, ${failure.receiveCount}` },
    { label: "Sent again, of these heals", value: `${failure.sends}, ${failure.heals}` },
    { label: "SQS message id", value: <span className="break-anywhere">{failure.messageId}</span> },
    ...(groupId === undefined ? [] : [{ label: "Message group", value: inertText(groupId) }]),
    ...(failure.dueAtMs === undefined ? [] : [{ label: "Is sent", value: <Moment atMs={failure.dueAtMs} /> }]),
    ...(failure.resolvedBy === undefined ? [] : [{ label: "Known to be over by", value: failure.resolvedBy }]),
    ...(failure.run === undefined
      ? []
      : [
          {
            label: "Run",
            value: <InlineLink href={hrefOf(["redrives", system, failure.run])}>{failure.run}</InlineLink>,
          },
        ]),
  ];
}
