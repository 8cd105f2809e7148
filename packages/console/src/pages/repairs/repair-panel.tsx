import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactElement, useState } from "react";
import { countMessages } from "../../format/count-messages.ts";
import { inertText } from "../../format/inert.ts";
import { ConfirmModal } from "../../parts/confirm-modal.tsx";
import { useMay } from "../../shell/region.tsx";
import { describeScope, type RepairScope } from "./repair-scope.ts";
import { RepairTable } from "./repair-table.tsx";
import { useRepair } from "./use-repair.ts";

interface RepairPanelProps {
  readonly system: string;
  readonly scope: RepairScope;
  readonly repairs: readonly string[];
}

/** Chooses a repair, shows what it would change, and does it. */
export function RepairPanel({ system, scope, repairs }: RepairPanelProps): ReactElement {
  const [repair, setRepair] = useState(repairs[0] ?? "");
  const [asking, setAsking] = useState<"repair" | "send">();
  const { shown, busy, preview, apply, forget } = useRepair(system, scope, repair);
  const mayOperate = useMay("operator");
  const fits = shown?.done === false ? shown.rows.filter(({ diff }) => diff !== undefined).length : 0;
  const disabled = busy || !mayOperate || fits === 0;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={inertText(describeScope(scope))}>
            Which repair
          </Header>
        }
      >
        <SpaceBetween size="s">
          <SpaceBetween direction="horizontal" size="xs" alignItems="end">
            <FormField label="Repair">
              <Select
                options={repairs.map((value) => ({ value }))}
                selectedOption={{ value: repair }}
                onChange={({ detail }) => {
                  setRepair(detail.selectedOption.value ?? "");
                  forget();
                }}
              />
            </FormField>
            <Button loading={busy} onClick={preview}>
              Preview
            </Button>
            <Button disabled={disabled} onClick={() => setAsking("repair")}>
              Repair only
            </Button>
            <Button variant="primary" disabled={disabled} onClick={() => setAsking("send")}>
              Repair and send
            </Button>
          </SpaceBetween>
          {!shown && <Box color="text-body-secondary">A preview changes nothing: it shows each difference.</Box>}
        </SpaceBetween>
      </Container>
      {shown && <RepairTable system={system} rows={shown.rows} done={shown.done} />}
      {asking && (
        <ConfirmModal
          header={`Repair ${countMessages(fits)}?`}
          action={asking === "send" ? "Repair and send" : "Repair"}
          onCancel={() => setAsking(undefined)}
          onConfirm={() => {
            setAsking(undefined);
            void apply(asking === "send");
          }}
        >
          {inertText(repair)} changes what the preview shows, and what fits it by then.{" "}
          {asking === "send" ? "It goes to its queue, older first." : "It stays held."} What the producer sent is kept.
        </ConfirmModal>
      )}
    </SpaceBetween>
  );
}
