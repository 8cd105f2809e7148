import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import type { ReactElement } from "react";
import type { Answered } from "../api/use-answer.ts";

/** Why what a page shows could not be read, where it could not. */
export function AnswerError({ answered }: { readonly answered: Answered<unknown> }): ReactElement | null {
  if (!answered.error) return null;
  return (
    <Alert type="error" header="This could not be read" action={<Button onClick={answered.reload}>Try again</Button>}>
      {answered.error.message}
    </Alert>
  );
}
