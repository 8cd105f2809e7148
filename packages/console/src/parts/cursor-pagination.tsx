import Pagination from "@cloudscape-design/components/pagination";
import type { ReactElement } from "react";
import type { CursorPages } from "./cursor-pages.ts";

interface CursorPaginationProps {
  readonly cursor: CursorPages;
  /** What the answer of this page gave. */
  readonly next: string | undefined;
}

/** Turns pages whose number nobody has counted. */
export function CursorPagination({ cursor, next }: CursorPaginationProps): ReactElement {
  return (
    <Pagination
      currentPageIndex={cursor.page}
      pagesCount={cursor.pages}
      openEnd={next !== undefined}
      onChange={({ detail }) => cursor.turnTo(detail.currentPageIndex, next)}
    />
  );
}
