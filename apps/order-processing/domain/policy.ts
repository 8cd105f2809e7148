import type { Policy } from "@reliq/core/recovery";

/** What becomes of messages that died: what was somebody else's trouble comes back, the rest waits for a person, who is told. */
export const POLICY: Policy = {
  rules: [
    {
      name: "trouble-of-others",
      when: { category: ["dependency", "timeout", "throttled"] },
      then: ["heal"],
      backoff: { baseSeconds: 30, capSeconds: 900 },
      maxHeals: 8,
    },
    {
      name: "never-had-its-turn",
      when: { cause: ["crashed", "timed-out", "throttled-never-ran", "visibility-expired"] },
      then: ["heal"],
      maxHeals: 5,
    },
    { name: "not-allowed", when: { category: "auth" }, then: ["alert", "hold"] },
  ],
  otherwise: ["alert", "hold"],
  exhausted: ["alert", "hold"],
};
