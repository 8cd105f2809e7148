import { format } from "node:util";
import { frameLine } from "./messages.ts";

type Level = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";

const LEVELS: readonly Level[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

const METHODS: Readonly<Record<"debug" | "error" | "info" | "log" | "trace" | "warn", Level>> = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};

/**
 * Makes the console write what Lambda's Node runtime writes, one log event a call: tab-separated text, or JSON objects where the
 * function's log format is JSON (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html).
 */
export function patchConsole(requestId: () => string | undefined): void {
  const json = process.env["AWS_LAMBDA_LOG_FORMAT"] === "JSON";
  const least = LEVELS.indexOf((process.env["AWS_LAMBDA_LOG_LEVEL"] ?? "TRACE") as Level);
  for (const [method, level] of Object.entries(METHODS)) {
    const write = (...values: unknown[]): void => {
      const text = json ? jsonLine(level, requestId(), values) : textLine(level, requestId(), values);
      process.stdout.write(frameLine({ text }));
    };
    console[method as keyof typeof METHODS] = json && LEVELS.indexOf(level) < least ? () => {} : write;
  }
}

function textLine(level: Level, requestId: string | undefined, values: readonly unknown[]): string {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}`;
}

function jsonLine(level: Level, requestId: string | undefined, values: readonly unknown[]): string {
  const [first] = values;
  const plain = values.length === 1 && typeof first === "object" && first !== null && !(first instanceof Error);
  const head = { timestamp: new Date().toISOString(), level, ...(requestId !== undefined && { requestId }) };
  try {
    return JSON.stringify({ ...head, message: plain ? first : format(...values) });
  } catch {
    return JSON.stringify({ ...head, message: format(...values) });
  }
}
