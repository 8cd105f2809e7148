import type { Activity } from "../../../kernel/activity.ts";
import type { World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import type { LogLine } from "../../../runtime/environment.ts";

/** How long log events wait for others, ms: one write takes them all. */
const LINGER_MS = 200;

/** The most that one PutLogEvents takes, bytes, and what each event counts on top of its text (its API reference). */
const LARGEST_PUT_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

/** Brings the functions' log events to the log store. */
export interface FunctionLog {
  write(line: LogLine): void;
  /** Resolves when all that was written is stored. */
  flush(): Promise<void>;
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

interface Waiting {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly events: LogEvent[];
}

export function createFunctionLog(world: World, activity: Activity): FunctionLog {
  let buffers = new Map<string, Waiting>();
  let storing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    const full = [...buffers.values()];
    buffers = new Map();
    storing = storing.then(() => store(full));
    return storing;
  };
  // Together, they share a commit.
  const store = async (full: readonly Waiting[]): Promise<void> => {
    const putting = full.map(async (buffer) => {
      try {
        await putEvents(world, buffer);
      } catch (error) {
        world.report(`Log events of ${buffer.logGroupName} are lost: ${String(error)}`);
      }
    });
    await Promise.all(putting);
  };
  return {
    write: ({ logGroupName, logStreamName, atMs, text }) => {
      if (buffers.size === 0) {
        const end = activity.begin("log events that are not stored yet");
        world.clock.at(world.clock.now() + LINGER_MS, () => void flush().finally(end));
      }
      const key = `${logGroupName}\n${logStreamName}`;
      const buffer = buffers.get(key) ?? { logGroupName, logStreamName, events: [] };
      buffers.set(key, buffer);
      buffer.events.push({ timestamp: atMs, message: text });
    },
    flush,
  };
}

async function putEvents(world: World, { logGroupName, logStreamName, events }: Waiting): Promise<void> {
  const put = (logEvents: unknown): Promise<unknown> =>
    world.call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
  // Access logs date a line by the begin of its request, and requests do not end in that order.
  for (const part of parts(events.toSorted((one, other) => one.timestamp - other.timestamp))) {
    try {
      await put(part);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "ResourceNotFoundException") throw error;
      await createUnlessThere(world, "CreateLogGroup", { logGroupName });
      await createUnlessThere(world, "CreateLogStream", { logGroupName, logStreamName });
      await put(part);
    }
  }
}

/** The events in parts that one request each can take. */
function parts(events: readonly LogEvent[]): LogEvent[][] {
  const result: LogEvent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const more = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    if (bytes + more > LARGEST_PUT_BYTES) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(event);
    bytes += more;
  }
  return result;
}

async function createUnlessThere(world: World, action: string, input: Record<string, string>): Promise<void> {
  try {
    await world.call("logs", action, input);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
}
