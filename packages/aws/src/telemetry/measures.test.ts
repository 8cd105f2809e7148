import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "vitest";
import { emfMeasures, type Measure } from "./measures.ts";
import { statsdMeasures } from "./statsd-measures.ts";

const ARCHIVED: Measure = {
  name: "Archived_Count",
  value: 1,
  kind: "count",
  dimensions: { Queue: "orders", Category: "validation" },
};

test("measures of the same thing are one line, under all of their dimensions and under fewer, counts added up", () => {
  const lines: string[] = [];
  const held: Measure = { name: "DLQ_Messages_Visible", value: 4, kind: "gauge", dimensions: { Queue: "orders" } };
  const emf = emfMeasures({ namespace: "Reliq/Recovery", write: (line) => lines.push(line), now: () => 7 });
  emf([ARCHIVED, ARCHIVED, { ...held, value: 3 }, held]);
  const [archived, visible] = lines.map((line) => JSON.parse(line));
  expect(archived).toEqual({
    _aws: {
      Timestamp: 7,
      CloudWatchMetrics: [
        {
          Namespace: "Reliq/Recovery",
          Dimensions: [[], ["Queue"], ["Queue", "Category"]],
          Metrics: [{ Name: "Archived_Count", Unit: "Count" }],
        },
      ],
    },
    Queue: "orders",
    Category: "validation",
    Archived_Count: 2,
  });
  expect(visible).toMatchObject({ Queue: "orders", DLQ_Messages_Visible: 4 });
});

test("an agent hears each measure with its tags, and nobody minds where there is none", async () => {
  const agent = createSocket("udp4");
  agent.bind(0, "127.0.0.1");
  await once(agent, "listening");
  const { port } = agent.address();
  const heard = once(agent, "message");
  statsdMeasures({ port })([{ ...ARCHIVED, dimensions: { Queue: "a:b|c", Category: "validation" } }]);
  const [datagram] = await heard;
  expect(String(datagram)).toBe("reliq.archived_count:1|c|#queue:a_b_c,category:validation");
  agent.close();
  expect(() => statsdMeasures({ port })([ARCHIVED])).not.toThrow();
});
