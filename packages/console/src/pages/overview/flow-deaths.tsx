import type { FlowEdge, FlowNode } from "@reliq/core/recovery";
import type { MouseEvent, ReactElement } from "react";
import type { LiveFacts } from "../../contract/region.ts";
import { countMessages } from "../../format/count-messages.ts";
import { shortNumber } from "../../format/short-number.ts";
import { go, hrefOf } from "../../navigation/place.ts";

/** How many messages went a way to a dead-letter queue, and where they are listed. */
interface WayOfDeaths {
  readonly count: number;
  /** In words, with what waits for somebody. */
  readonly says: string;
  /** Whether any of them is held, or is still in the dead-letter queue. */
  readonly waits: boolean;
  readonly href: string;
}

/** What is known live of a system. */
export interface SystemFacts extends Pick<LiveFacts, "queues" | "totals"> {
  /** Whether its failures can be listed. */
  readonly hasApi: boolean;
}

/** The deaths on a way; undefined where nothing died there, or it leads to no dead-letter queue. */
export function deathsOn(
  edge: FlowEdge,
  { name, system }: Pick<FlowNode, "name" | "system">,
  facts: SystemFacts,
): WayOfDeaths | undefined {
  if (edge.kind !== "deadLetters") return undefined;
  const stored = facts.totals.find(({ queue }) => queue === name);
  if (!stored) return unrecovered(name, facts);
  const { held, healing } = stored.states;
  const count = Object.values(stored.states).reduce((sum, each) => sum + each, 0);
  if (count === 0) return undefined;
  const listed = hrefOf(["failures"], { system, queue: name });
  const says = `${countMessages(count)} died on ${name}: ${held} held, ${healing} healing`;
  return { count, says, waits: held > 0, href: facts.hasApi ? listed : pageOf(name, facts) };
}

/** Nobody takes them out of the dead-letter queue: it is all that is known. */
function unrecovered(name: string, facts: SystemFacts): WayOfDeaths | undefined {
  const count = facts.queues.find(({ queue }) => queue === name)?.account.deadLettered ?? 0;
  if (count === 0) return undefined;
  const says = `${countMessages(count)} of ${name} in its dead-letter queue`;
  return { count, says, waits: true, href: pageOf(name, facts) };
}

/** Queues with one dead-letter queue have one page. */
function pageOf(name: string, { queues }: SystemFacts): string {
  return hrefOf(["queues", queues.find(({ queue }) => queue.split(" + ").includes(name))?.queue ?? name]);
}

const HEIGHT = 20;

interface DeathMarkProps {
  readonly deaths: WayOfDeaths;
  /** Its middle. */
  readonly x: number;
  readonly y: number;
}

/** A count on a way, which leads to the messages that died there. */
export function DeathMark({ deaths, x, y }: DeathMarkProps): ReactElement {
  const { count, says, waits, href } = deaths;
  const text = shortNumber(count);
  const width = Math.max(HEIGHT + 4, 14 + text.length * 8);
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(href);
  };
  return (
    <a href={href} aria-label={says} className={waits ? "flow-deaths flow-waits" : "flow-deaths"} onClick={follow}>
      <title>{says}</title>
      <rect x={x - width / 2} y={y - HEIGHT / 2} width={width} height={HEIGHT} rx={HEIGHT / 2} />
      <text x={x} y={y + 4} textAnchor="middle">
        {text}
      </text>
    </a>
  );
}
