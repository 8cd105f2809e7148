import Alert from "@cloudscape-design/components/alert";
import type { ReactElement } from "react";
import { InlineLink } from "../parts/inline-link.tsx";

/** What an address shows that no page has. */
export function UnknownPage(): ReactElement {
  return (
    <Alert type="warning" header="There is no such page">
      Nothing is at {location.pathname}. <InlineLink href="/">Go to the overview.</InlineLink>
    </Alert>
  );
}
