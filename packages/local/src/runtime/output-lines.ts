import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { FRAME_START, type Frame } from "./messages.ts";

/** The longest log event, characters; a longer line is cut into several (CloudWatch Logs takes 256 KiB an event). */
const LONGEST_EVENT = 200_000;

const EVENTS = new RegExp(`[^]{1,${LONGEST_EVENT}}`, "g");

/** Reads a process's output: each line is one log event, and a mark ends an invocation. */
export function readOutput(stream: Readable, onText: (text: string) => void, onMark: (id: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const line = (text: string): void => {
    const frame = text.startsWith(FRAME_START) ? parseFrame(text) : { text };
    if ("mark" in frame) onMark(frame.mark);
    else for (const part of frame.text.match(EVENTS) ?? []) onText(part);
  };
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const each of lines) line(each);
    if (rest.length > LONGEST_EVENT && !rest.startsWith(FRAME_START)) {
      line(rest);
      rest = "";
    }
  });
  stream.once("end", () => {
    if (rest !== "") line(rest);
  });
  stream.once("error", () => {});
}

function parseFrame(line: string): Frame {
  try {
    const frame: Partial<Record<"mark" | "text", unknown>> = JSON.parse(line.slice(FRAME_START.length));
    if (typeof frame.mark === "string") return { mark: frame.mark };
    if (typeof frame.text === "string") return { text: frame.text };
  } catch {
    // The function's own text may start with the same character.
  }
  return { text: line };
}
