import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FailureGroup } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { ConfirmModal } from "../../parts/confirm-modal.tsx";
import { useTell } from "../../shell/notices.tsx";
import { useMay } from "../../shell/region.tsx";

interface GroupActionsProps {
  readonly system: string;
  readonly group: FailureGroup;
  readonly onDone: () => void;
}

type Asking = "ignore" | "resolve";

/** What is done about a problem: somebody knows of it, it is over, or it is kept quiet for a while. */
export function GroupActions({ system, group, onDone }: GroupActionsProps): ReactElement {
  const [asking, setAsking] = useState<Asking>();
  const mayOperate = useMay("operator");
  const tell = useTell();
  const change = async (said: string, call: () => Promise<unknown>): Promise<void> => {
    setAsking(undefined);
    await call()
      .then(() => tell("success", said))
      .catch((error: Refused) => tell("error", "It was refused", error.message));
    onDone();
  };
  const { id, state, healing } = group;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {healing === "disarmed" && (
        <Button
          disabled={!mayOperate}
          onClick={() => change("Its messages are healed again", () => callApi(system, "arm-group", { group: id }))}
        >
          Arm healing
        </Button>
      )}
      <Button disabled={!mayOperate} onClick={() => setAsking("ignore")}>
        Ignore
      </Button>
      <Button disabled={!mayOperate || state === "resolved"} onClick={() => setAsking("resolve")}>
        Resolve
      </Button>
      <Button
        variant="primary"
        disabled={!mayOperate || state === "acknowledged"}
        onClick={() => change("The problem is acknowledged", () => callApi(system, "acknowledge-group", { group: id }))}
      >
        Acknowledge
      </Button>
      {asking === "resolve" && (
        <ResolveModal
          onCancel={() => setAsking(undefined)}
          onResolve={(version) =>
            change("The problem is resolved", () =>
              callApi(system, "resolve-group", { group: id, ...(version !== "" && { version }) }),
            )
          }
        />
      )}
      {asking === "ignore" && (
        <IgnoreModal
          onCancel={() => setAsking(undefined)}
          onIgnore={(until) =>
            change("The problem is ignored for now", () => callApi(system, "ignore-group", { group: id, ...until }))
          }
        />
      )}
    </SpaceBetween>
  );
}

interface ResolveModalProps {
  readonly onCancel: () => void;
  readonly onResolve: (version: string) => void;
}

function ResolveModal({ onCancel, onResolve }: ResolveModalProps): ReactElement {
  const [version, setVersion] = useState("");
  return (
    <ConfirmModal
      header="Is the problem over?"
      action="Resolve"
      onCancel={onCancel}
      onConfirm={() => onResolve(version.trim())}
    >
      <FormField
        label="Resolved in version"
        description="Optional: deaths in older versions of the consumer do not bring the problem back."
      >
        <Input value={version} placeholder="1.2.0" onChange={({ detail }) => setVersion(detail.value)} />
      </FormField>
    </ConfirmModal>
  );
}

interface IgnoreModalProps {
  readonly onCancel: () => void;
  readonly onIgnore: (until: { untilMs?: number; deaths?: number }) => void;
}

function IgnoreModal({ onCancel, onIgnore }: IgnoreModalProps): ReactElement {
  const [hours, setHours] = useState("24");
  const [deaths, setDeaths] = useState("");
  const submit = (): void =>
    onIgnore({
      ...(hours !== "" && { untilMs: Date.now() + Number(hours) * 3_600_000 }),
      ...(deaths !== "" && { deaths: Number(deaths) }),
    });
  return (
    <ConfirmModal header="Keep the problem quiet" action="Ignore" onCancel={onCancel} onConfirm={submit}>
      <SpaceBetween size="m">
        <FormField label="For hours" description="What comes first ends it.">
          <Input type="number" value={hours} onChange={({ detail }) => setHours(detail.value)} />
        </FormField>
        <FormField label="Until it has so many deaths in all">
          <Input
            type="number"
            value={deaths}
            placeholder="no limit"
            onChange={({ detail }) => setDeaths(detail.value)}
          />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
