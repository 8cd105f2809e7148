import Box from "@cloudscape-design/components/box";
import type { ReactElement, ReactNode } from "react";

/** What stands where a list is empty. */
export function Empty({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box textAlign="center" color="text-body-secondary" padding="m">
      {children}
    </Box>
  );
}
