import type { Activity } from "../../../kernel/activity.ts";
import type { Members, World } from "../../../kernel/service.ts";
import type { FunctionRecord } from "../functions/function-record.ts";
import type { Invoker } from "../invocations/invoker.ts";
import type { Mapping } from "./mapping.ts";

/** A mapping at work. */
export interface EventSource {
  /** Goes on with new settings; what runs ends on the old ones. A disabled source takes nothing. */
  update(mapping: Mapping): void;
  /** Takes nothing more, and resolves when what it has taken is settled. */
  stop(): Promise<void>;
  /** How the last batch went, as the API words it. */
  lastResult(): string;
}

/** What a source works with. */
export interface SourceGround {
  readonly world: World;
  readonly invoker: Invoker;
  readonly activity: Activity;
}

/** One kind of event source: a file beside this one. */
export interface SourceKind {
  /** The members of a mapping that are carried out; any other is refused by name. */
  readonly supported: readonly string[];
  /** The batch size of a mapping that names none. */
  readonly batchSize: number;
  /** How Lambda says that there is a mapping of that source and function already. */
  alreadyExists(mapping: Mapping): string;
  /** Reads a mapping's settings; what the input leaves out stays as it is. @throws InvalidParameterValueException, as Lambda does */
  read(input: Members, before: Mapping): Mapping;
  /** Checks a mapping against its source and its function. @throws InvalidParameterValueException, as Lambda does */
  check(world: World, mapping: Mapping, record: FunctionRecord): Promise<void>;
  start(mapping: Mapping, ground: SourceGround): EventSource;
}
