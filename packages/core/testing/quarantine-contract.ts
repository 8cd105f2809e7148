import { freeMark, type GroupMark, holdBehind } from "../src/model/group-mark.ts";
import type { Quarantine, SetAsideMessage } from "../src/recovery/index.ts";
import { type ContractCase, same } from "./contract-case.ts";

const PLACES = ["1", "2", "3", "4"].map((each) => each.padStart(20, "0"));

/** A held group for tests. */
function held(group: string, nowMs: number, changes: Partial<GroupMark> = {}): GroupMark {
  const mark = holdBehind(freeMark("trades.fifo", group), { lineage: "m-1", place: PLACES[0] ?? "" }, nowMs);
  return { ...mark, version: 1, ...changes };
}

function aside(group: string, place: string, nowMs: number): SetAsideMessage {
  const content = { body: "{}", attributes: { kind: { dataType: "String", stringValue: "trade" } } };
  const times = { sentAtMs: nowMs - 1_000, setAsideAtMs: nowMs };
  return { queue: "trades.fifo", group, place, lineage: `m-${place}`, messageId: `m-${place}`, ...content, ...times };
}

/** What every place for held groups does. */
export const QUARANTINE_CONTRACT: readonly ContractCase<Quarantine>[] = [
  {
    behaviour: "gives back a mark as it was committed, and none where none was",
    check: async (quarantine, { unique, nowMs }) => {
      const after = held(unique, nowMs);
      same(await quarantine.commit({ before: undefined, after }), "committed");
      const names = [`${unique}#2`, unique].map((group) => ({ queue: "trades.fifo", group }));
      same(await quarantine.marks(names), [undefined, after]);
    },
  },
  {
    behaviour: "commits one of ten that change a mark at once, with what it sets aside and nothing of the others",
    check: async (quarantine, { unique, nowMs }) => {
      const before = held(unique, nowMs);
      await quarantine.commit({ before: undefined, after: before });
      const ends = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          quarantine.commit({
            before,
            after: { ...before, version: 2, setAside: index + 1 },
            messages: [{ ...aside(unique, PLACES[1] ?? "", nowMs), lineage: `by-${index + 1}` }],
          }),
        ),
      );
      same(ends.filter((end) => end === "committed").length, 1);
      const [mark] = await quarantine.marks([before]);
      const found = await quarantine.setAside(before, "", 10);
      same(
        found.map(({ lineage }) => lineage),
        [`by-${mark?.setAside}`],
      );
      same(await quarantine.commit({ before: undefined, after: before }), "conflict");
    },
  },
  {
    behaviour: "lists what was set aside after a place, in order, each once, also what is released",
    check: async (quarantine, { unique, nowMs }) => {
      const first = held(unique, nowMs);
      const all = PLACES.slice(1).map((place) => aside(unique, place, nowMs));
      await quarantine.commit({ before: undefined, after: first, messages: [...all.toReversed(), ...all.slice(0, 1)] });
      await quarantine.commit({
        before: first,
        after: { ...first, version: 2 },
        released: all.slice(0, 2),
      });
      same(await quarantine.setAside(first, PLACES[0] ?? "", 10), all);
      same(await quarantine.setAside(first, PLACES[1] ?? "", 1), all.slice(1, 2));
      same(await quarantine.setAside({ queue: "trades.fifo", group: `${unique}#2` }, "", 10), []);
    },
  },
  {
    behaviour: "lists the open marks of a queue, the longest open first, until they are free",
    check: async (quarantine, { unique, nowMs }) => {
      const queue = `${unique}.fifo`;
      const older = held("older", nowMs - 10_000, { queue });
      const newer = held("newer", nowMs, { queue });
      for (const after of [newer, older]) await quarantine.commit({ before: undefined, after });
      same(
        (await quarantine.open(queue)).map(({ group }) => group),
        ["older", "newer"],
      );
      const { front: _, ...rest } = older;
      await quarantine.commit({ before: older, after: { ...rest, version: 2, phase: "free" } });
      same(
        (await quarantine.open(queue)).map(({ group }) => group),
        ["newer"],
      );
    },
  },
];
