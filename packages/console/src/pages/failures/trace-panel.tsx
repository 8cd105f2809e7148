import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { FailedMessage, FailureDetail, ShownTrace, TraceRequest } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { TraceTree } from "./trace-tree.tsx";

/** A message's lineage and its way: every wait, attempt and decision, from who sent it to where it is. */
export function TracePanel({ detail }: { readonly detail: FailureDetail }): ReactElement {
  const { failure } = detail;
  const { id, lineage, version } = failure;
  const { value, error } = useAnswer(
    `trace ${id}`,
    (signal) => readRegion<ShownTrace>("/trace", signal, askedOf(detail)),
    version,
  );
  return (
    <Container
      header={
        <Header variant="h2" description={<span className="break-anywhere">{lineageOf(failure, value)}</span>}>
          Lineage and trace
        </Header>
      }
    >
      {value && value.spans.length > 0 && <TraceTree trace={value} />}
      {value?.spans.length === 0 && <Box color="text-body-secondary">Nothing of its way is known any more.</Box>}
      {value?.more && <Box color="text-body-secondary">There are more traces than were read.</Box>}
      {error && (
        <SpaceBetween size="xxs">
          <Box color="text-body-secondary">{inertText(error.message)}</Box>
          <Box variant="code">reliq trace {inertText(lineage)}</Box>
        </SpaceBetween>
      )}
      {!value && !error && <Spinner />}
    </Container>
  );
}

/** `m-1, later m-2; 3 traces` */
function lineageOf({ lineage, messageId, attemptedAs }: FailedMessage, trace: ShownTrace | undefined): string {
  const ids = [messageId, ...(attemptedAs === undefined ? [] : [attemptedAs]), ...(trace?.messageIds ?? [])];
  const later = [...new Set(ids)].filter((id) => id !== lineage).map(inertText);
  const again = later.length === 0 ? "" : `, later ${later.join(", ")}`;
  const traces = trace === undefined ? "" : `; ${trace.traces} ${trace.traces === 1 ? "trace" : "traces"}`;
  return `${inertText(lineage)}${again}${traces}`;
}

function askedOf({ failure, attempts }: FailureDetail): TraceRequest {
  return {
    // What the message holds is not asked about, and stays here.
    failure: { ...failure, body: "", attributes: {} },
    attempts: attempts.map(({ messageId, receiveCount, failedAtMs, reason: { errorName, message } }) => ({
      messageId,
      receiveCount,
      failedAtMs,
      errorName,
      message,
    })),
  };
}
