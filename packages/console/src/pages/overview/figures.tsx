import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Link from "@cloudscape-design/components/link";
import type { ReactElement } from "react";
import type { LiveFacts } from "../../contract/region.ts";
import { useLive } from "../../live/live.tsx";
import { follow } from "../../navigation/place.ts";

interface Figure {
  readonly label: string;
  readonly value: number;
  readonly href: string;
}

/** What a person looks for first at 3 a.m. */
export function Figures(): ReactElement {
  const figures = useLive(({ facts }) => figuresOf(facts));
  return (
    <Container>
      <ColumnLayout columns={figures.length} variant="text-grid" minColumnWidth={120}>
        {figures.map(({ label, value, href }) => (
          <div key={label}>
            <Box variant="awsui-key-label">{label}</Box>
            <Link
              variant="awsui-value-large"
              href={href}
              ariaLabel={`${value.toLocaleString("en")} ${label}`}
              onFollow={follow}
            >
              {value.toLocaleString("en")}
            </Link>
          </div>
        ))}
      </ColumnLayout>
    </Container>
  );
}

function figuresOf(facts: LiveFacts | undefined): readonly Figure[] {
  const { queues = [], totals = [], alarms = [] } = facts ?? {};
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  return [
    { label: "Alarms ringing", value: alarms.filter(({ state }) => state === "ALARM").length, href: "/alarms" },
    { label: "Held", value: sum(totals.map(({ states }) => states.held)), href: "/failures" },
    { label: "Healing", value: sum(totals.map(({ states }) => states.healing)), href: "/failures" },
    { label: "Waiting", value: sum(queues.map(({ account }) => account.waiting)), href: "/queues" },
    { label: "In flight", value: sum(queues.map(({ account }) => account.inFlight)), href: "/queues" },
    { label: "Unbalanced accounts", value: queues.filter(({ wrong }) => wrong !== undefined).length, href: "/queues" },
  ];
}
