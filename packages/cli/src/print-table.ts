import { styleText } from "node:util";

/** A table as text: a head, rows, numbers to the right. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly (number | string)[])[],
  emptyText: string,
): string {
  if (rows.length === 0) return styleText("dim", emptyText);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => cell(row[column]).length)));
  const line = (values: readonly (number | string | undefined)[]): string =>
    values
      .map((value, column) => {
        const width = widths[column] ?? 0;
        return typeof value === "number" ? cell(value).padStart(width) : cell(value).padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const titles = head.map((title, column) =>
    typeof rows[0]?.[column] === "number" ? title.padStart(widths[column] ?? 0) : title,
  );
  return [styleText("dim", line(titles)), ...rows.map(line)].join("\n");
}

function cell(value: number | string | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : (value ?? "");
}
