import Select from "@cloudscape-design/components/select";
import type { ReactElement } from "react";
import { go, usePlace } from "../navigation/place.ts";
import { useRegion } from "../shell/region.tsx";

const LAST = "reliq-system";

/** The system that a page is about: that of its address, or the one that was looked at last. */
export function useSystem(): string {
  const { systems } = useRegion();
  const { query } = usePlace();
  const able = systems.filter(({ hasApi }) => hasApi).map(({ name }) => name);
  const last = localStorage.getItem(LAST) ?? "";
  return query.get("system") ?? (able.includes(last) ? last : (able[0] ?? ""));
}

/** Chooses the system that the page is about; the page's filters are of one system, and go. */
export function SystemSelect(): ReactElement {
  const { systems } = useRegion();
  const system = useSystem();
  const options = systems.map(({ name, hasApi }) => ({
    value: name,
    label: name,
    disabled: !hasApi,
    ...(!hasApi && { disabledReason: "It has no RecoveryApi.", description: "has no RecoveryApi" }),
  }));
  return (
    <Select
      ariaLabel="System"
      options={options}
      selectedOption={options.find(({ value }) => value === system) ?? null}
      placeholder="No system"
      onChange={({ detail }) => {
        const chosen = detail.selectedOption.value ?? "";
        localStorage.setItem(LAST, chosen);
        go(`${location.pathname}?system=${encodeURIComponent(chosen)}`);
      }}
    />
  );
}
