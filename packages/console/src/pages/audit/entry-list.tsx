import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import { AUDIT_ACTIONS, type AuditEntry } from "@reliq/core/recovery";
import { type ReactElement, type ReactNode, useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { hrefOf } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";

/** Entries of one answer of the API, and subjects that are shown of an entry. */
const PAGE = 100;
const MOST_SUBJECTS = 3;

interface EntryListProps {
  readonly system: string;
  readonly chain: string;
  /** The sequence number of its last entry. */
  readonly last: number;
  readonly header: ReactNode;
}

/** A chain's entries, the latest first. */
export function EntryList({ system, chain, last, header }: EntryListProps): ReactElement {
  const [page, setPage] = useState(1);
  const from = Math.max(1, last - page * PAGE + 1);
  const to = last - (page - 1) * PAGE;
  const answered = useAnswer(
    `audit ${system} ${chain} ${page}`,
    async (signal) => (chain === "" ? { entries: [] } : callApi(system, "list-audit", { chain, from }, signal)),
    to,
  );
  const entries = (answered.value?.entries ?? []).filter(({ sequence }) => sequence <= to).toReversed();
  return (
    <>
      <AnswerError answered={answered} />
      <Table
        trackBy="sequence"
        items={entries}
        resizableColumns
        wrapLines
        loading={answered.loading && !answered.value}
        loadingText="Reading the audit"
        ariaLabels={{ tableLabel: "Entries of the audit" }}
        header={header}
        pagination={
          <Pagination
            currentPageIndex={page}
            pagesCount={Math.max(1, Math.ceil(last / PAGE))}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        }
        empty={<Empty>Nothing was done yet.</Empty>}
        columnDefinitions={[
          { id: "sequence", header: "#", width: 60, cell: ({ sequence }) => sequence },
          { id: "at", header: "When", width: 130, cell: ({ atMs }) => formatTime(atMs) },
          { id: "by", header: "Who", width: 170, cell: ({ by }) => <span className="break-anywhere">{by}</span> },
          {
            id: "action",
            header: "Did",
            isRowHeader: true,
            width: 130,
            cell: ({ action }) => <span title={AUDIT_ACTIONS[action] ?? ""}>{action}</span>,
          },
          { id: "subjects", header: "To", width: 240, cell: (entry) => <Subjects system={system} entry={entry} /> },
          { id: "details", header: "Details", width: 280, cell: ({ details }) => describeDetails(details) },
        ]}
      />
    </>
  );
}

function Subjects({ system, entry }: { readonly system: string; readonly entry: AuditEntry }): ReactElement {
  const { subjects } = entry;
  const more = subjects.length - MOST_SUBJECTS;
  return (
    <>
      {subjects.slice(0, MOST_SUBJECTS).map((subject) => (
        <div key={subject} className="break-anywhere">
          <InlineLink href={hrefOf([nounOf(entry, subject), system, subject])}>{subject}</InlineLink>
        </div>
      ))}
      {more > 0 && `and ${more} more`}
    </>
  );
}

/** The page of what an entry names: a run, a group by its fingerprint, or a message. */
function nounOf({ action }: AuditEntry, subject: string): string {
  if (action.startsWith("redrive-")) return "redrives";
  if (action.startsWith("replay-")) return "replays";
  return /:\d+:[0-9a-f]+$/.test(subject) ? "groups" : "failures";
}

function describeDetails(details: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(details).map(([name, value]) => {
    return `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
  return inertText(parts.join(", ").slice(0, 500));
}
