import { setTimeout as wait } from "node:timers/promises";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Shop } from "./load-shop.ts";
import { queueOf, STREAM_NAMES, type Stream } from "./load-streams.ts";

/** How often it looks, milliseconds. */
const EACH_MS = 1_000;

/** How many looks a curve of the live view shows. */
const CURVE = 40;

const BLOCKS = "▁▂▃▄▅▆▇█";

/** What is seen of a load at one moment. */
export interface Moment {
  /** Seconds from its begin. */
  readonly atSeconds: number;
  /** Sent so far, and on its queue: waiting or in hand. */
  readonly sent: Readonly<Record<Stream, number>>;
  readonly left: Readonly<Record<Stream, number>>;
}

/** A load that is watched. */
export interface WatchedLoad {
  readonly moments: readonly Moment[];
  end(): Promise<void>;
}

/** Looks at the queues of a load each second, and shows on stderr how it goes: as curves on a terminal, else in a line every five seconds. */
export function watchLoad(shop: Shop, title: string, sent: () => Readonly<Record<Stream, number>>): WatchedLoad {
  const beganMs = Date.now();
  const moments: Moment[] = [];
  const ending = new AbortController();
  const look = async (): Promise<void> => {
    for (let looks = 0; !ending.signal.aborted; looks++) {
      const next = wait(EACH_MS, undefined, { signal: ending.signal }).catch(() => {});
      // A region that is too busy to answer is looked at again.
      const left = await readLeft(shop).catch(() => undefined);
      if (left) moments.push({ atSeconds: (Date.now() - beganMs) / 1_000, sent: { ...sent() }, left });
      show(title, moments, looks);
      await next;
    }
  };
  const looking = look();
  return {
    moments,
    end: async () => {
      ending.abort();
      await looking;
    },
  };
}

/** The messages on each stream's queue. */
export async function readLeft({ endpoint, settings }: Shop): Promise<Readonly<Record<Stream, number>>> {
  const sqs = new SQSClient(settings);
  const left = await Promise.all(
    STREAM_NAMES.map(async (stream) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: `${endpoint}/000000000000/${queueOf(stream)}`,
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      return [stream, Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)] as const;
    }),
  );
  sqs.destroy();
  return Object.fromEntries(left) as Record<Stream, number>;
}

function show(title: string, moments: readonly Moment[], looks: number): void {
  const last = moments.at(-1);
  if (!last) return;
  const seconds = `${String(Math.round(last.atSeconds)).padStart(4)} s`;
  if (!process.stderr.isTTY) {
    const words = STREAM_NAMES.map((stream) => `${stream} ${last.sent[stream]} sent, ${last.left[stream]} left`);
    if (looks % 5 === 0) console.error(`${title} ${seconds}  ${words.join("; ")}`);
    return;
  }
  const rows = STREAM_NAMES.map((stream) => {
    const values = moments.slice(-CURVE).map(({ left }) => left[stream]);
    return `  ${stream.padEnd(14)} ${String(last.sent[stream]).padStart(8)} sent ${String(last.left[stream]).padStart(8)} left  ${curve(values)}`;
  });
  const up = moments.length > 1 ? `\u001B[${rows.length + 1}A` : "";
  process.stderr.write(`${up}${[`${title} ${seconds}`, ...rows].map((row) => `\u001B[2K${row}\n`).join("")}`);
}

function curve(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values.map((value) => BLOCKS[Math.min(7, Math.floor((value / most) * 7.99))] ?? "").join("");
}
