import { notServed } from "../errors.ts";
import { allMappings, type Mapping } from "./mapping.ts";
import type { EventSource, SourceGround, SourceKind } from "./source-kind.ts";
import { sqsSource } from "./sqs.ts";
import { streamSource } from "./stream.ts";

/** The kinds of event sources, by the service in their ARN. */
const KINDS: Readonly<Record<string, SourceKind>> = {
  dynamodb: streamSource,
  sqs: sqsSource,
};

/** The members of a mapping that one kind of source or another carries out. */
export const SUPPORTED_MEMBERS: readonly string[] = [
  ...new Set(Object.values(KINDS).flatMap((kind) => kind.supported)),
];

/** @throws InvalidParameterValueException for a source that the local region does not poll */
export function sourceKind(sourceArn: string): SourceKind {
  const kind = KINDS[sourceArn.split(":")[2] ?? ""];
  if (!kind) throw notServed(`the event source ${sourceArn}: it polls ${Object.keys(KINDS).join(", ")}`);
  return kind;
}

/** The event source mappings at work. */
export interface Sources {
  /** Starts the mappings that are kept. */
  start(): void;
  /** Starts a mapping, or goes on with its new settings; before the start it does nothing. */
  apply(mapping: Mapping): void;
  /** Takes nothing more for a mapping; what it has taken is settled. */
  remove(uuid: string): void;
  /** Takes nothing more, and resolves when all that was taken is settled. */
  stop(): Promise<void>;
  lastResult(uuid: string): string;
}

export function createSources(ground: SourceGround): Sources {
  const sources = new Map<string, EventSource>();
  const ending = new Set<Promise<void>>();
  let open = false;
  const apply = (mapping: Mapping): void => {
    if (!open) return;
    const source = sources.get(mapping.uuid);
    if (source) source.update(mapping);
    else sources.set(mapping.uuid, sourceKind(mapping.sourceArn).start(mapping, ground));
  };
  const remove = (uuid: string): void => {
    const source = sources.get(uuid);
    if (!source) return;
    sources.delete(uuid);
    const end = source.stop().finally(() => ending.delete(end));
    ending.add(end);
  };
  return {
    start: () => {
      open = true;
      for (const mapping of allMappings(ground.world.store)) apply(mapping);
    },
    apply,
    remove,
    stop: async () => {
      open = false;
      for (const uuid of sources.keys()) remove(uuid);
      await Promise.all(ending);
    },
    lastResult: (uuid) => sources.get(uuid)?.lastResult() ?? "No records processed",
  };
}
