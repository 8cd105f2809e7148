import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Link from "@cloudscape-design/components/link";
import type { ReactElement } from "react";
import { useLive } from "../../live/live.tsx";
import { follow } from "../../navigation/place.ts";

interface Figure {
  readonly label: string;
  readonly value: number;
  readonly href: string;
}

/** What a person looks for first at 3 a.m. */
export function Figures(): ReactElement {
  const { facts } = useLive();
  const queues = facts?.queues ?? [];
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const figures: readonly Figure[] = [
    {
      label: "Alarms ringing",
      value: facts?.alarms.filter(({ state }) => state === "ALARM").length ?? 0,
      href: "/alarms",
    },
    { label: "Held", value: sum(facts?.totals.map(({ states }) => states.held) ?? []), href: "/failures" },
    { label: "Healing", value: sum(facts?.totals.map(({ states }) => states.healing) ?? []), href: "/failures" },
    { label: "Waiting", value: sum(queues.map(({ account }) => account.waiting)), href: "/queues" },
    { label: "In flight", value: sum(queues.map(({ account }) => account.inFlight)), href: "/queues" },
    {
      label: "Unbalanced accounts",
      value: queues.filter(({ wrong }) => wrong !== undefined).length,
      href: "/queues",
    },
  ];
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
