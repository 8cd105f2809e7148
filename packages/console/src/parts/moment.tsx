import type { ReactElement } from "react";
import { formatAgo, formatTime } from "../format/time.ts";

/** A time, as how long ago it was; exact where it is pointed at. */
export function Moment({ atMs }: { readonly atMs: number }): ReactElement {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatTime(atMs)}>
      {formatAgo(atMs)}
    </time>
  );
}
