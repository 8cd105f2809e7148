import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { OutboxPage as OutboxAnswer } from "../../contract/region.ts";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { CodeView } from "../../parts/code-view.tsx";
import { useCursorPages } from "../../parts/cursor-pages.ts";
import { CursorPagination } from "../../parts/cursor-pagination.tsx";
import { Empty } from "../../parts/empty.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { useEvery } from "../../parts/use-every.ts";

/** How often the outbox is read anew, milliseconds. */
const REFRESH_MS = 5_000;

/** What would have left this machine: e-mails, text messages and requests to other hosts. */
export function OutboxPage(): ReactElement {
  const cursor = useCursorPages("outbox");
  const before = cursor.after === undefined ? "" : `?before=${encodeURIComponent(cursor.after)}`;
  const round = useEvery(REFRESH_MS);
  const answered = useAnswer(
    `outbox ${before}`,
    (signal) => readRegion<OutboxAnswer>(`/outbox${before}`, signal),
    round,
  );
  return (
    <PageLayout
      title="Outbox"
      description="E-mails, text messages and requests to other hosts: on AWS they would have been sent, here they stay."
    >
      <AnswerError answered={answered} />
      <Table
        trackBy="id"
        items={answered.value?.entries ?? []}
        resizableColumns
        wrapLines
        loading={!answered.value && !answered.error}
        loadingText="Reading the outbox"
        ariaLabels={{ tableLabel: "Outbox" }}
        pagination={<CursorPagination cursor={cursor} next={answered.value?.next} />}
        empty={<Empty>Nothing would have been sent.</Empty>}
        columnDefinitions={[
          { id: "sent", header: "When", width: 130, cell: ({ sentAt }) => formatTime(Date.parse(sentAt)) },
          { id: "kind", header: "Kind", width: 80, cell: ({ kind }) => kind },
          {
            id: "to",
            header: "To",
            isRowHeader: true,
            width: 170,
            cell: ({ to }) => <span className="break-anywhere">{inertText(to)}</span>,
          },
          {
            id: "content",
            header: "What",
            width: 430,
            cell: ({ subject, body }) => <Content subject={subject ?? "No subject"} body={body} />,
          },
          { id: "topic", header: "Topic", width: 180, cell: ({ topic }) => topic ?? "-" },
        ]}
      />
    </PageLayout>
  );
}

function Content({ subject, body }: { readonly subject: string; readonly body: string }): ReactElement {
  return (
    <ExpandableSection variant="inline" headerText={inertText(subject)}>
      <Box padding={{ vertical: "xs" }}>
        <CodeView text={body} label={`Text: ${inertText(subject)}`} />
      </Box>
    </ExpandableSection>
  );
}
