import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import type { GameDayReport } from "../../contract/region.ts";

/** What was measured, and what the hypothesis asks of it. */
export function Measures({ measures }: Pick<GameDayReport, "measures">): ReactElement {
  return (
    <Table
      items={measures}
      wrapLines
      header={<Header variant="h2">Measured</Header>}
      ariaLabels={{ tableLabel: "Measured" }}
      columnDefinitions={[
        { id: "name", header: "What", isRowHeader: true, cell: ({ name }) => name },
        {
          id: "value",
          header: "Value",
          cell: ({ value, unit = "" }) => `${shown(value)} ${unit}`.trim(),
        },
        { id: "asked", header: "Asked", cell: ({ asked }) => asked ?? "-" },
        {
          id: "holds",
          header: "Holds",
          cell: ({ holds }) =>
            holds === undefined ? (
              "-"
            ) : (
              <StatusIndicator type={holds ? "success" : "error"}>{holds ? "yes" : "no"}</StatusIndicator>
            ),
        },
      ]}
    />
  );
}

function shown(value: number | string): string {
  return typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 3 }) : value;
}

/** The alarms that fired while it was played. */
export function FiredAlarms({ alarms }: Pick<GameDayReport, "alarms">): ReactElement {
  return (
    <Table
      items={alarms}
      trackBy="name"
      wrapLines
      header={<Header variant="h2">Alarms</Header>}
      ariaLabels={{ tableLabel: "Alarms" }}
      columnDefinitions={[
        {
          id: "name",
          header: "Alarm",
          isRowHeader: true,
          cell: ({ name }) => <span className="break-anywhere">{name}</span>,
        },
        { id: "severity", header: "Severity", cell: ({ severity }) => severity },
        {
          id: "fired",
          header: "Fired after",
          cell: ({ firedAfterSeconds }) => firedAfterSeconds.map((seconds) => `${seconds} s`).join(", ") || "-",
        },
        {
          id: "cleared",
          header: "Cleared",
          cell: ({ cleared }) => (
            <StatusIndicator type={cleared ? "success" : "error"}>{cleared ? "yes" : "no"}</StatusIndicator>
          ),
        },
      ]}
    />
  );
}
