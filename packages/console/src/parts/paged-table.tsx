import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import type { Answered } from "../api/use-answer.ts";
import type { CursorPages } from "./cursor-pages.ts";
import { CursorPagination } from "./cursor-pagination.tsx";
import { Empty } from "./empty.tsx";

interface PagedTableProps<Row> extends Pick<TableProps<Row>, "columnDefinitions" | "filter" | "header" | "items"> {
  readonly label: string;
  /** What it says while the first page is read. */
  readonly reading: string;
  /** What it says where there is nothing. */
  readonly nothing: string;
  /** The answer that holds the page. */
  readonly answered: Answered<{ readonly next?: string }>;
  readonly cursor: CursorPages;
}

/** A list of what the API gives page by page. */
export function PagedTable<Row extends { readonly id: string }>({
  label,
  reading,
  nothing,
  answered,
  cursor,
  ...table
}: PagedTableProps<Row>): ReactElement {
  return (
    <Table
      {...table}
      trackBy="id"
      resizableColumns
      wrapLines
      loading={answered.loading && !answered.value}
      loadingText={reading}
      ariaLabels={{ tableLabel: label }}
      pagination={<CursorPagination cursor={cursor} next={answered.value?.next} />}
      empty={<Empty>{nothing}</Empty>}
    />
  );
}
