import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { useFailureQueues } from "../../live/failure-queues.ts";
import { useRevision } from "../../live/live.tsx";
import { go, hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";

/** Message groups that wait behind a failed message of theirs, the longest held first. */
export function QuarantinesPage(): ReactElement {
  const system = useSystem();
  const queue = useFifoQueue(system);
  const answered = useAnswer(
    `quarantines ${system} ${queue}`,
    async (signal) => (queue === "" ? { quarantines: [] } : callApi(system, "list-quarantines", { queue }, signal)),
    useRevision(system),
  );
  return (
    <PageLayout
      title="Groups in quarantine"
      description="Message groups of FIFO queues that wait behind a failed message of theirs."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <QueueSelect system={system} queue={queue} />
          <SystemSelect />
        </SpaceBetween>
      }
    >
      <AnswerError answered={answered} />
      <Table
        trackBy="group"
        items={answered.value?.quarantines ?? []}
        resizableColumns
        wrapLines
        loading={answered.loading && !answered.value}
        loadingText="Reading groups"
        ariaLabels={{ tableLabel: "Groups in quarantine" }}
        empty={<Empty>{queue === "" ? "This system has no FIFO queue with failures." : "No group waits."}</Empty>}
        columnDefinitions={[
          {
            id: "group",
            header: "Message group",
            isRowHeader: true,
            width: 240,
            cell: (mark) => (
              <InlineLink href={hrefOf(["quarantine", system, `${mark.queue}:${mark.group}`])}>
                {inertText(mark.group)}
              </InlineLink>
            ),
          },
          { id: "phase", header: "Phase", width: 160, cell: ({ phase }) => <PhaseIndicator phase={phase} /> },
          { id: "since", header: "Since", width: 150, cell: ({ sinceMs }) => <Moment atMs={sinceMs} /> },
          {
            id: "waiting",
            header: "Waiting behind",
            width: 140,
            cell: ({ setAside, dropped, sent }) => setAside + dropped - sent,
          },
          {
            id: "front",
            header: "Waits for",
            width: 360,
            cell: ({ front, queue: of }) =>
              front ? (
                <InlineLink href={hrefOf(["failures", system, `${of}:${front.lineage}`])}>{front.lineage}</InlineLink>
              ) : (
                "-"
              ),
          },
        ]}
      />
    </PageLayout>
  );
}

/** Whether a group is held, or goes on. */
export function PhaseIndicator({ phase }: { readonly phase: "free" | "held" | "releasing" }): ReactElement {
  const type = { free: "success", held: "warning", releasing: "in-progress" } as const;
  return <StatusIndicator type={type[phase]}>{phase}</StatusIndicator>;
}

function useFifoQueues(system: string): readonly string[] {
  return useFailureQueues(system).filter((each) => each.endsWith(".fifo"));
}

function useFifoQueue(system: string): string {
  const { query } = usePlace();
  const [first = ""] = useFifoQueues(system);
  return query.get("queue") ?? first;
}

function QueueSelect({ system, queue }: { readonly system: string; readonly queue: string }): ReactElement {
  const options = useFifoQueues(system).map((value) => ({ value, label: value }));
  return (
    <Select
      ariaLabel="Queue"
      placeholder="No FIFO queue"
      options={options}
      selectedOption={options.find(({ value }) => value === queue) ?? null}
      onChange={({ detail }) => go(hrefOf(["quarantine"], { system, queue: detail.selectedOption.value }))}
    />
  );
}
