import { variablesOf } from "@reliq/aws/region";
import { deployedResources } from "./region-client.ts";

/** The value of a variable, and the stack whose functions have it. */
interface RegionVariable {
  readonly system: string;
  readonly value: string;
}

/** What the region's functions have in a variable of their environment, such as the name of a table; each value once. */
export async function regionVariables(endpoint: string, variable: string): Promise<readonly RegionVariable[]> {
  const functions = await deployedResources(endpoint, ["AWS::Lambda::Function"]);
  const found = new Map<string, RegionVariable>();
  for (const each of functions) {
    const value = variablesOf(each)[variable];
    if (typeof value === "string" && !found.has(value)) found.set(value, { system: each.stack, value });
  }
  return [...found.values()];
}

/**
 * Finds the tables of the journals that a queue's messages are written down in: of the functions that name the queue in their
 * environment, as its consumer does, its producers, and its recovery; all of the region where none names it.
 */
export async function findJournalTables(endpoint: string): Promise<(queue: string) => readonly string[]> {
  const all = (await deployedResources(endpoint, ["AWS::Lambda::Function"])).map(variablesOf);
  const journals = all.flatMap((variables) => {
    const table = variables["RELIQ_JOURNAL_TABLE"];
    return typeof table === "string" ? [{ table, text: JSON.stringify(variables) }] : [];
  });
  return (queue) => {
    const named = journals.filter(({ text }) => text.includes(queue));
    return [...new Set((named.length > 0 ? named : journals).map(({ table }) => table))];
  };
}
