import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { FailureExplanation } from "@reliq/core/recovery";
import type { ReactElement } from "react";

/** What each rule says, in the order in which they are asked. */
export function Explained({ explanation }: { readonly explanation: FailureExplanation }): ReactElement {
  const { trace, decision } = explanation;
  return (
    <Table
      variant="embedded"
      items={trace}
      ariaLabels={{ tableLabel: "Rules" }}
      footer={`It would be ${decision.to}${decision.alert ? ", with an alert" : ""}: ${decision.because}`}
      columnDefinitions={[
        {
          id: "matched",
          header: "Matches",
          cell: ({ matched }) => (
            <StatusIndicator type={matched ? "success" : "stopped"}>{matched ? "yes" : "no"}</StatusIndicator>
          ),
        },
        { id: "rule", header: "Rule", isRowHeader: true, cell: ({ rule }) => rule },
        { id: "because", header: "Because", cell: ({ because }) => because },
      ]}
    />
  );
}
