import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FailureDetail } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { inertText } from "../../format/inert.ts";
import { formatSeconds, formatTime } from "../../format/time.ts";

type Attempt = FailureDetail["attempts"][number];

/** The attempts of a message's last death on a time line, each with its stack. */
export function AttemptList({ attempts }: { readonly attempts: readonly Attempt[] }): ReactElement {
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${attempts.length})`} description="From the journal, of its last death.">
          Attempts
        </Header>
      }
    >
      {attempts.length === 0 && (
        <Box color="text-body-secondary">No attempt is journalled: the cause was read from the gaps.</Box>
      )}
      <ol className="attempts">
        {attempts.map((attempt, index) => (
          <li key={attempt.receiveCount}>
            <AttemptEntry attempt={attempt} before={attempts[index - 1]} />
          </li>
        ))}
      </ol>
    </Container>
  );
}

function AttemptEntry({
  attempt,
  before,
}: {
  readonly attempt: Attempt;
  readonly before: Attempt | undefined;
}): ReactElement {
  const { receiveCount, failedAtMs, reason, requestId, logs, final } = attempt;
  const since = before?.failedAtMs ?? attempt.sentAtMs;
  const waited = `${formatSeconds((failedAtMs - since) / 1_000)} after ${before ? "the one before" : "it was sent"}`;
  return (
    <SpaceBetween size="xxs">
      <Box variant="awsui-key-label">
        Receive {receiveCount}
        {final ? ", the last" : ""}
      </Box>
      <Box color="text-body-secondary" fontSize="body-s">
        {formatTime(failedAtMs)}, {waited}
      </Box>
      <span className="break-anywhere">
        <b>{inertText(reason.errorName)}</b> {inertText(reason.message)}
      </span>
      {logs !== undefined && (
        <Link href={logs} external>
          Its log
        </Link>
      )}
      {reason.stack !== "" && (
        <ExpandableSection headerText="Stack" headingTagOverride="h3">
          <pre className="code">{inertText(reason.stack)}</pre>
        </ExpandableSection>
      )}
      {requestId !== undefined && (
        <Box fontSize="body-s" color="text-body-secondary">
          Invocation {requestId}
        </Box>
      )}
    </SpaceBetween>
  );
}
