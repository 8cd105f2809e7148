import type { Claim, Journal, Settlement } from "../src/index.ts";
import { type ContractCase, same } from "./contract-case.ts";
import { sampleEntry } from "./journal-contract.ts";

const MINUTE_MS = 60_000;

/** A claim for tests; `changes` say what matters to the test. */
export function sampleClaim(key: string, nowMs: number, changes: Partial<Claim> = {}): Claim {
  return {
    key,
    token: "token-1",
    messageId: "m-1",
    receiveCount: 1,
    payloadHash: "00aa",
    nowMs,
    leaseUntilMs: nowMs + MINUTE_MS,
    ttlMs: 10 * MINUTE_MS,
    ...changes,
  };
}

/** The rules of the Journal port about claims: run each against every adapter. */
export const CLAIM_CONTRACT: readonly ContractCase<Journal>[] = [
  {
    behaviour: "gives a free key to one of many that claim it at once",
    check: async (journal, { unique, nowMs }) => {
      const claims = Array.from({ length: 10 }, (_, index) =>
        sampleClaim(unique, nowMs, { token: `t-${index}`, messageId: `m-${index}` }),
      );
      const held = await Promise.all(claims.map(async (claim) => (await journal.claim([claim]))[0]));
      same(held.filter(Boolean).length, 1);
    },
  },
  {
    behaviour: "claims a batch of over 25 keys, each on its own",
    check: async (journal, { unique, nowMs }) => {
      await journal.claim([sampleClaim(`${unique}-30`, nowMs, { messageId: "other" })]);
      const claims = Array.from({ length: 60 }, (_, index) => sampleClaim(`${unique}-${index}`, nowMs));
      same(
        await journal.claim(claims),
        claims.map((_, index) => index !== 30),
      );
    },
  },
  {
    behaviour: "lets a later receive of the message take over, and fences off the earlier one",
    check: async (journal, { unique, nowMs }) => {
      const [first, second] = [1, 2].map((receiveCount) =>
        sampleClaim(unique, nowMs, { token: `t-${receiveCount}`, receiveCount }),
      ) as [Claim, Claim];
      same(await journal.claim([first]), [true]);
      same(await journal.claim([second]), [true]);
      same(await settle(journal, { kind: "complete", claim: first }), ["refused"]);
      same(await settle(journal, { kind: "complete", claim: second }), ["done"]);
      same((await journal.read([unique]))[0]?.state, "done");
    },
  },
  {
    behaviour: "claims for a later receive where no earlier one left anything",
    check: async (journal, { unique, nowMs }) => {
      same(await journal.claim([sampleClaim(unique, nowMs, { receiveCount: 3 })]), [true]);
    },
  },
  {
    behaviour: "gives a dead owner's key to another message once its lease is over, at a later receive",
    check: async (journal, { unique, nowMs }) => {
      await journal.claim([sampleClaim(unique, nowMs)]);
      const other = { messageId: "m-2", token: "t-2", receiveCount: 2 };
      same(await journal.claim([sampleClaim(unique, nowMs + MINUTE_MS - 1, other)]), [false]);
      same(await journal.claim([sampleClaim(unique, nowMs + MINUTE_MS, other)]), [true]);
    },
  },
  {
    behaviour: "lets another message take over at once where its owner has released the claim, and nobody else can",
    check: async (journal, { unique, nowMs }) => {
      const [own, stranger] = [sampleClaim(unique, nowMs), sampleClaim(unique, nowMs, { token: "t-9" })];
      const copy = sampleClaim(unique, nowMs, { messageId: "m-2", token: "t-2", receiveCount: 2 });
      await journal.claim([own]);
      same(await settle(journal, { kind: "journal", entry: sampleEntry(), release: stranger }), ["done"]);
      same(await journal.claim([copy]), [false]);
      same(await settle(journal, { kind: "journal", entry: sampleEntry(), release: own }), ["done"]);
      same(await journal.claim([copy]), [true]);
      await journal.settle([{ kind: "journal", entry: sampleEntry(), release: own }]);
      same((await journal.read([unique]))[0]?.token, "t-2");
    },
  },
  {
    behaviour: "keeps others out as long as an owner renews its lease, and lets them in when it has stopped",
    check: async (journal, { unique, nowMs }) => {
      const claim = sampleClaim(unique, nowMs);
      await journal.claim([claim]);
      const later = { nowMs: nowMs + MINUTE_MS / 2, leaseUntilMs: nowMs + 2 * MINUTE_MS };
      same(await journal.renew([{ ...claim, ...later }]), [true]);
      const other = { messageId: "m-2", token: "t-2", receiveCount: 2 };
      same(await journal.claim([sampleClaim(unique, nowMs + 2 * MINUTE_MS - 1, other)]), [false]);
      same(await journal.claim([sampleClaim(unique, nowMs + 2 * MINUTE_MS, other)]), [true]);
    },
  },
  {
    behaviour: "renews no lease that was taken over, is done or was never there, each of a batch on its own",
    check: async (journal, { unique, nowMs }) => {
      const claims = ["taken", "done", "held"].map((name) => sampleClaim(`${unique}-${name}`, nowMs));
      await journal.claim(claims);
      const [taken, done, held] = claims as [Claim, Claim, Claim];
      same(await journal.claim([{ ...taken, token: "t-2", receiveCount: 2 }]), [true]);
      same(await settle(journal, { kind: "complete", claim: done }), ["done"]);
      const absent = sampleClaim(`${unique}-absent`, nowMs);
      const renewed = [taken, done, absent, held].map((claim) => ({ ...claim, leaseUntilMs: nowMs + 2 * MINUTE_MS }));
      same(await journal.renew(renewed), [false, false, false, true]);
      const items = await journal.read([taken.key, done.key, absent.key, held.key]);
      same(
        items.map((item) => item?.leaseUntilMs ?? 0),
        [taken.leaseUntilMs, done.leaseUntilMs, 0, nowMs + 2 * MINUTE_MS],
      );
      same(items[1]?.state, "done");
    },
  },
  {
    behaviour: "can be asked to renew again when an answer was lost, and a late request shortens nothing",
    check: async (journal, { unique, nowMs }) => {
      const claim = sampleClaim(unique, nowMs);
      await journal.claim([claim]);
      const renewed = { ...claim, leaseUntilMs: nowMs + 2 * MINUTE_MS };
      same([await journal.renew([renewed]), await journal.renew([renewed])], [[true], [true]]);
      same(await journal.renew([claim]), [false]);
      same((await journal.read([unique]))[0]?.leaseUntilMs, renewed.leaseUntilMs);
    },
  },
  {
    behaviour:
      "says of a repeat of a done message that it is done, and shows what is there to another payload with its key",
    check: async (journal, { unique, nowMs }) => {
      const done = sampleClaim(unique, nowMs);
      await journal.claim([done]);
      same(await settle(journal, { kind: "complete", claim: done, result: '{"a":"☃"}' }), ["done"]);
      const repeat = sampleClaim(unique, nowMs + 1, { messageId: "m-2", token: "t-2" });
      same(await journal.claim([repeat]), [false]);
      same(await settle(journal, { kind: "probe", claim: repeat }), ["done"]);
      const [item] = await journal.read([unique]);
      same(item?.result, '{"a":"☃"}');
      for (const other of [{ payloadHash: "00bb" }, { nowMs: Number.MAX_SAFE_INTEGER }]) {
        same(await journal.settle([{ kind: "probe", claim: { ...repeat, ...other } }]), [{ kind: "refused", item }]);
      }
    },
  },
  {
    behaviour: "does not take a claim in progress for done",
    check: async (journal, { unique, nowMs }) => {
      await journal.claim([sampleClaim(unique, nowMs)]);
      const repeat = sampleClaim(unique, nowMs, { messageId: "m-2", token: "t-2" });
      same(await settle(journal, { kind: "probe", claim: repeat }), ["refused"]);
    },
  },
  {
    behaviour: "remembers a key from its effect on, however long its handler took",
    check: async (journal, { unique, nowMs }) => {
      const claims = ["any", "transactional"].map((name) =>
        sampleClaim(`${unique}-${name}`, nowMs, { endedAtMs: nowMs + 30 * MINUTE_MS }),
      ) as [Claim, Claim];
      await journal.claim([claims[0]]);
      same(await settle(journal, { kind: "complete", claim: claims[0] }), ["done"]);
      same(await journal.commit({ writes: [], once: { by: "claim", claim: claims[1] } }), "done");
      const repeats = (afterMinutes: number): Settlement[] =>
        claims.map(({ key }) => ({
          kind: "probe",
          claim: sampleClaim(key, nowMs + afterMinutes * MINUTE_MS, { messageId: "m-2", token: "t-2" }),
        }));
      same(await settle(journal, ...repeats(39)), ["done", "done"]);
      same(await settle(journal, ...repeats(40)), ["refused", "refused"]);
    },
  },
  {
    behaviour: "does not let a key expire under an owner whose lease goes on",
    check: async (journal, { unique, nowMs }) => {
      await journal.claim([sampleClaim(unique, nowMs, { leaseUntilMs: nowMs + 30 * MINUTE_MS })]);
      const other = { messageId: "m-2", token: "t-2", receiveCount: 2 };
      same(await journal.claim([sampleClaim(unique, nowMs + 29 * MINUTE_MS, other)]), [false]);
      same(await journal.claim([sampleClaim(unique, nowMs + 30 * MINUTE_MS, other)]), [true]);
    },
  },
  {
    behaviour: "takes an expired item for absent, also before it is deleted",
    check: async (journal, { unique, nowMs }) => {
      const old = sampleClaim(unique, nowMs);
      await journal.claim([old]);
      await settle(journal, { kind: "complete", claim: old });
      const late = sampleClaim(unique, nowMs + 10 * MINUTE_MS, { messageId: "m-2", token: "t-2", receiveCount: 2 });
      same(await settle(journal, { kind: "probe", claim: late }), ["refused"]);
      same(await journal.claim([late]), [true]);
    },
  },
  {
    behaviour: "can be asked again when an answer was lost: taking over and completing change nothing the second time",
    check: async (journal, { unique, nowMs }) => {
      await journal.claim([sampleClaim(unique, nowMs)]);
      const second = sampleClaim(unique, nowMs, { token: "t-2", receiveCount: 2 });
      same([await journal.claim([second]), await journal.claim([second])], [[true], [true]]);
      const complete: Settlement = { kind: "complete", claim: second };
      same([await settle(journal, complete), await settle(journal, complete)], [["done"], ["done"]]);
    },
  },
  {
    behaviour: "does not open what is done again when a request to take it over arrives late",
    check: async (journal, { unique, nowMs }) => {
      await journal.claim([sampleClaim(unique, nowMs)]);
      const second = sampleClaim(unique, nowMs, { token: "t-2", receiveCount: 2 });
      same(await journal.claim([second]), [true]);
      same(await settle(journal, { kind: "complete", claim: second }), ["done"]);
      same(await journal.claim([second]), [false]);
      same((await journal.read([unique]))[0]?.state, "done");
    },
  },
  {
    behaviour: "commits a group's sequence once and upwards",
    check: async (journal, { unique }) => {
      const commit = (sequenceNumber: string): Promise<string> =>
        journal.commit({ writes: [], once: { by: "sequence", group: unique, sequenceNumber, place: sequenceNumber } });
      same([await commit("00000000000000000009"), await commit("00000000000000000010")], ["done", "done"]);
      same([await commit("00000000000000000010"), await commit("00000000000000000009")], ["refused", "refused"]);
      same(await journal.lastSequences([`${unique}-2`, unique, unique]), [
        undefined,
        "00000000000000000010",
        "00000000000000000010",
      ]);
    },
  },
  {
    behaviour: "commits a claim's writes once, whoever repeats them",
    check: async (journal, { unique, nowMs }) => {
      const commit = (token: string): Promise<string> =>
        journal.commit({ writes: [], once: { by: "claim", claim: sampleClaim(unique, nowMs, { token }) } });
      same([await commit("t-1"), await commit("t-2")], ["done", "refused"]);
    },
  },
  {
    behaviour: "commits a message that was sent again once, whatever its sequence number is",
    check: async (journal, { unique, nowMs }) => {
      const lineage = sampleClaim(`${unique}-lineage`, nowMs);
      const commit = (sequenceNumber: string): Promise<string> =>
        journal.commit({ writes: [], once: { by: "sequence", group: unique, sequenceNumber, lineage } });
      same([await commit("00000000000000000009"), await commit("00000000000000000010")], ["done", "refused"]);
      same((await journal.read([lineage.key]))[0]?.state, "done");
      same(await journal.lastSequences([unique]), [undefined]);
    },
  },
  {
    behaviour: "marks a message that was sent again as done, also twice, and takes nothing back that is done",
    check: async (journal, { unique, nowMs }) => {
      const mark = { kind: "mark", claim: sampleClaim(unique, nowMs) } as const;
      same(await settle(journal, mark), ["done"]);
      same(await settle(journal, { ...mark, claim: sampleClaim(unique, nowMs, { token: "t-2" }) }), ["done"]);
      same((await journal.read([unique]))[0]?.token, "token-1");
    },
  },
];

async function settle(journal: Journal, ...settlements: Settlement[]): Promise<string[]> {
  return (await journal.settle(settlements)).map((settled) => settled.kind);
}
