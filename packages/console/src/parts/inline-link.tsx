import Link from "@cloudscape-design/components/link";
import type { ReactElement, ReactNode } from "react";
import { follow } from "../navigation/place.ts";

interface InlineLinkProps {
  readonly href: string;
  readonly children: ReactNode;
}

/** A link to another page of the console. */
export function InlineLink({ href, children }: InlineLinkProps): ReactElement {
  return (
    <Link href={href} onFollow={follow}>
      {children}
    </Link>
  );
}
