import { describe, expect, test } from "vitest";
import { discoverFields } from "./fields.ts";
import { readQuery } from "./query.ts";

const START = Date.parse("2026-11-26T10:00:00Z");
const REQUEST = "0f4e9b1c-1111-4222-8333-abcdefabcdef";

const LINES: readonly (object | string)[] = [
  { level: "error", event: "attempt-failed", queue: "orders", failed: 3, deep: { list: [{ price: 5 }] } },
  `REPORT RequestId: ${REQUEST}\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\t`,
  `2026-11-26T10:02:00.000Z\t${REQUEST}\tINFO\tthe order {"level":"warn","queue":"orders","failed":"10"} of {"a":1}`,
  { level: "info", queue: "returns", failed: 1, "@odd": true },
  `REPORT RequestId: ${REQUEST}\tDuration: 7.50 ms\tBilled Duration: 8 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\t`,
  "plain text",
];

/** What a query finds in the lines, a minute apart, by row and field. */
function ask(query: string): readonly Readonly<Record<string, string>>[] {
  const events = LINES.map((line, index) => {
    const message = typeof line === "string" ? line : JSON.stringify(line);
    const at = START + index * 60_000;
    return discoverFields({ id: index, stream: "s", at, ingestedAt: at, message }, "000000000000:/aws/lambda/orders");
  });
  return readQuery(query)(events).rows.map((cells) => {
    const shown = cells.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value] as const);
    return Object.fromEntries(shown);
  });
}

describe("a query", () => {
  test.each([
    ['filter level = "error" | display queue', [{ queue: "orders" }]],
    [
      "fields queue | filter ispresent(queue) | sort @timestamp",
      [{ queue: "orders" }, { queue: "orders" }, { queue: "returns" }],
    ],
    ["fields failed | filter failed > 2 | sort failed desc", [{ failed: "10" }, { failed: "3" }]],
    ["fields failed * 2 as twice | filter failed = 1", [{ twice: "2" }]],
    [
      "display @type, @duration | filter @type = 'REPORT' | sort @duration",
      [
        { "@type": "REPORT", "@duration": "7.5" },
        { "@type": "REPORT", "@duration": "12.5" },
      ],
    ],
    ["filter @message like /(?i)PLAIN|none/ | display @message", [{ "@message": "plain text" }]],
    ['filter @message like "the order" | display level, @requestId', [{ level: "warn", "@requestId": REQUEST }]],
    ["filter event like 'attempt' and not (queue = 'returns') | display event", [{ event: "attempt-failed" }]],
    [
      "filter level in ['info', 'warn'] # not the errors\n| sort level | display level",
      [{ level: "info" }, { level: "warn" }],
    ],
    ["filter `deep.list.0.price` >= 5 | display deep.list.0.price", [{ "deep.list.0.price": "5" }]],
    ["filter ispresent(@@odd) | display queue", [{ queue: "returns" }]],
    ["filter queue = 'orders' or @message = 'plain text' | stats count(*) as all", [{ all: "3" }]],
    ["filter queue = 'nobody' | stats count(*) as all, sum(failed) as failed", [{ all: "0" }]],
    [
      "stats count(*) by queue | sort queue desc | limit 2",
      [
        { queue: "returns", "count(*)": "1" },
        { queue: "orders", "count(*)": "2" },
      ],
    ],
    [
      "filter @type = 'REPORT' | stats avg(@duration), min(@duration) as least, max(@maxMemoryUsed / 1000000) as mb, pct(@duration, 99) as p99",
      [{ "avg(@duration)": "10", least: "7.5", mb: "90", p99: "12.5" }],
    ],
    [
      "stats count(failed) as some, count_distinct(queue) as queues by bin(5m) | sort some desc",
      [
        { "bin(5m)": "2026-11-26 10:00:00.000", some: "3", queues: "2" },
        { "bin(5m)": "2026-11-26 10:05:00.000", some: "0", queues: "0" },
      ],
    ],
    ["limit 1", [{ "@timestamp": "2026-11-26 10:05:00.000", "@message": "plain text" }]],
    ["fields @log, @logStream | limit 1", [{ "@log": "000000000000:/aws/lambda/orders", "@logStream": "s" }]],
  ])("%s", (query, found) => expect(ask(query)).toEqual(found));

  test.each([
    ["parse @message '*' as a", "command parse"],
    ["pattern @message", "command pattern"],
    ["filter level != 'error'", "!="],
    ["fields strlen(@message)", "function strlen"],
    ["stats stddev(failed)", "function stddev in stats"],
    ["stats count(*) by bin(1w)", "bin(1w)"],
    ["stats count(*) by queue | stats max(queue)", "second stats"],
    ["filter level =", "needs a field"],
    ["filter (level = 1", "needs a )"],
    ["fields @message limit 1", "needs a |"],
    ["filter @message like /(/", "no regular expression"],
    ["", "1 to 10000 characters"],
  ])("%s is refused by name", (query, what) => {
    expect(() => readQuery(query)).toThrow(expect.objectContaining({ code: "MalformedQueryException" }));
    expect(() => readQuery(query)).toThrow(what);
  });
});
