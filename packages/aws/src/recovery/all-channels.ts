import { ReliqError } from "@reliq/core";
import type { AlertChannel, RecoverPorts } from "@reliq/core/recovery";

/**
 * Sends each alert through every channel. One that fails is logged: repeating all of them for it would tell the others twice.
 * @throws where every channel failed: then nobody was told.
 */
export function allChannels(channels: readonly AlertChannel[], log: RecoverPorts["log"]): AlertChannel {
  return {
    send: async (alert) => {
      const ends = await Promise.allSettled(channels.map((channel) => channel.send(alert)));
      const failed = ends.filter((end) => end.status === "rejected");
      for (const { reason } of failed) {
        log({
          level: "error",
          event: "alert-channel-failed",
          group: alert.group,
          kind: alert.kind,
          error: String(reason),
        });
      }
      if (failed.length > 0 && failed.length === channels.length) {
        throw new ReliqError("alert-not-sent", `Nobody was told of ${alert.group}: ${String(failed[0]?.reason)}`, {
          retryable: true,
        });
      }
    },
  };
}
