import { randomUUID } from "node:crypto";
import type { Members } from "../../../kernel/service.ts";
import { functionArn } from "../functions/function-record.ts";
import { sendRecord } from "../invocations/destination.ts";
import type { StreamBatch, StreamRecord } from "./stream-batch.ts";
import type { Lane } from "./stream-lane.ts";

type DiscardCondition = "RecordAgeExceeded" | "RetryAttemptsExhausted";

/** Tells a mapping's destination of records that are discarded, before their checkpoint: killed between, it is told again. */
export async function tellDiscarded(lane: Lane, batch: StreamBatch, condition: DiscardCondition): Promise<void> {
  const { ground, mapping, settings, shard } = lane;
  if (settings.onFailureArn !== undefined) {
    return sendRecord(ground.world, settings.onFailureArn, JSON.stringify(discardRecord(lane, batch, condition)));
  }
  const { startSequenceNumber, endSequenceNumber, batchSize } = batchInfo(batch.records);
  ground.world.report(
    `${batchSize} records of ${shard.streamArn}, ${startSequenceNumber} to ${endSequenceNumber}, are discarded without ` +
      `${mapping.functionName} having handled them: ${condition}. A DestinationConfig keeps note of them.`,
  );
}

/** The record that Lambda sends: where the records are, and not what they are (developer guide, retaining discarded records). */
function discardRecord(
  { ground, mapping, shard }: Lane,
  { records, invocations, last }: StreamBatch,
  condition: DiscardCondition,
): Members {
  const { world } = ground;
  const functionError = last?.report.outcome.kind === "success" ? null : "Unhandled";
  return {
    requestContext: {
      requestId: last?.requestId ?? randomUUID(),
      functionArn: functionArn(world, mapping.functionName),
      condition,
      approximateInvokeCount: invocations,
    },
    ...(last && { responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError } }),
    version: "1.0",
    timestamp: new Date(world.clock.now()).toISOString(),
    DDBStreamBatchInfo: { shardId: shard.shardId, ...batchInfo(records), streamArn: shard.streamArn },
  };
}

function batchInfo(records: readonly StreamRecord[]): Members {
  const [first, last] = [records[0], records.at(-1)];
  return {
    startSequenceNumber: first?.sequenceNumber,
    endSequenceNumber: last?.sequenceNumber,
    approximateArrivalOfFirstRecord: arrival(first),
    approximateArrivalOfLastRecord: arrival(last),
    batchSize: records.length,
  };
}

function arrival(record: StreamRecord | undefined): string {
  return new Date((record?.createdSeconds ?? 0) * 1_000).toISOString().replace(".000Z", "Z");
}
