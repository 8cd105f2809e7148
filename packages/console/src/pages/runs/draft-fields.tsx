import ColumnLayout from "@cloudscape-design/components/column-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { OPERATIONS } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { useFailureQueues } from "../../live/failure-queues.ts";
import type { RunDraft } from "./run-filter.ts";

interface DraftFieldsProps {
  readonly system: string;
  readonly draft: RunDraft;
  readonly onChange: (changed: Partial<RunDraft>) => void;
}

const ANY = "any";

/** Which messages a run takes, and how it goes about them. */
export function DraftFields({ system, draft, onChange }: DraftFieldsProps): ReactElement {
  const queues = useFailureQueues(system);
  const categories = OPERATIONS["list-failures"].fields["category"]?.values ?? [];
  const text = (name: keyof RunDraft, label: string, placeholder = "any"): ReactElement => (
    <FormField label={label}>
      <Input
        value={draft[name]}
        placeholder={placeholder}
        onChange={({ detail }) => onChange({ [name]: detail.value })}
      />
    </FormField>
  );
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={4} minColumnWidth={200}>
        <Choice label="Queue" value={draft.queue} values={queues} onChange={(queue) => onChange({ queue })} />
        <Choice
          label="Category"
          value={draft.category === "" ? ANY : draft.category}
          values={[ANY, ...categories]}
          onChange={(category) => onChange({ category: category === ANY ? "" : category })}
        />
        {text("errorName", "Error")}
        {text("messageGroup", "Message group")}
        {text("from", "Died from (UTC)", "2026-01-31 12:00")}
        {text("to", "Died before (UTC)", "2026-01-31 13:00")}
        {text("fingerprint", "Fingerprint")}
      </ColumnLayout>
      <ExpandableSection headerText="How it goes about it" headingTagOverride="h3">
        <ColumnLayout columns={4} minColumnWidth={200}>
          {text("ramp", "Messages of each step")}
          {text("ratePerSecond", "At most a second")}
          {text("maxMessages", "At most in all")}
          {text("minAgeSeconds", "Dead for at least, seconds")}
        </ColumnLayout>
      </ExpandableSection>
    </SpaceBetween>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, values, onChange }: ChoiceProps): ReactElement {
  const options = [...new Set(value === "" ? values : [...values, value])].map((each) => ({
    value: each,
    label: each,
  }));
  return (
    <FormField label={label}>
      <Select
        placeholder="Choose one"
        options={options}
        selectedOption={options.find((each) => each.value === value) ?? null}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}
