import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FailureExplanation } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { Explained } from "../../parts/explained.tsx";

/** Says of one failed message, by its id, what the rules in force make of it. */
export function ExplainPanel({ system }: { readonly system: string }): ReactElement {
  const [id, setId] = useState("");
  const [explanation, setExplanation] = useState<FailureExplanation>();
  const [refused, setRefused] = useState<string>();
  const explain = async (): Promise<void> => {
    setRefused(undefined);
    setExplanation(undefined);
    await callApi(system, "explain-policy", { failure: id.trim() })
      .then(setExplanation)
      .catch((error: Refused) => setRefused(error.message));
  };
  return (
    <Container header={<Header variant="h2">Explain</Header>}>
      <SpaceBetween size="m">
        <FormField
          label="Failed message"
          description="Its id, as `queue:lineage`."
          secondaryControl={
            <Button disabled={id.trim() === ""} onClick={explain}>
              Explain
            </Button>
          }
          {...(refused !== undefined && { errorText: refused })}
        >
          <Input
            value={id}
            placeholder="orders:0f3c…"
            onChange={({ detail }) => setId(detail.value)}
            onKeyDown={({ detail }) => detail.key === "Enter" && void explain()}
          />
        </FormField>
        {explanation && <Explained explanation={explanation} />}
      </SpaceBetween>
    </Container>
  );
}
