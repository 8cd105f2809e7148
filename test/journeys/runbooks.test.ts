import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { awsAt, NO_AWS_OF_ANY_VERSION } from "./aws.ts";
import { reliq } from "./command.ts";
import { useIngestionApp } from "./ingestion-app.ts";

/** Their commands have tests of their own: they act on what is held, and need an API to act by, or two regions. */
const ELSEWHERE = ["quarantine.md", "redrive.md", "region.md"];

const runbooks = globSync("docs/runbooks/*.md")
  .filter((file) => !ELSEWHERE.includes(basename(file)))
  .map((file) => ({ name: basename(file, ".md"), text: readFileSync(file, "utf8") }));

/** The commands of the shell blocks of a page. */
function commandsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.split("\n").map((line) => line.trim())).filter((line) => line !== "");
}

/** The words of a command, as a shell splits them. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s']+|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));
}

test.each(runbooks)(
  "the runbook $name says what it means, what to look at, what to do, and when it is over",
  ({ text }) => {
    expect(text.split("\n").length).toBeLessThan(80);
    if (/^\*\*It means\.\*\*/m.test(text)) {
      for (const part of [/^\*\*Look\.\*\*/m, /^\*\*Do/m, /^\*\*It is over\*\*/m]) expect(text).toMatch(part);
    } else expect(text).toMatch(/^\*\*What you see\.\*\*/m);
    expect(commandsOf(text).length).toBeGreaterThan(0);
  },
);

describe.skipIf(NO_AWS_OF_ANY_VERSION)(
  `the commands of the runbooks${NO_AWS_OF_ANY_VERSION ? ` (skipped: ${NO_AWS_OF_ANY_VERSION})` : ""}`,
  () => {
    const app = useIngestionApp();

    test.each(runbooks)(
      "of $name run as they are",
      async ({ text }) => {
        const { endpoint, url } = app.running();
        const aws = awsAt(endpoint);
        const worker = ["--function-name", "ingestion-dev-worker"];
        const { EventSourceMappings } = await aws("lambda", "list-event-source-mappings", ...worker);
        const seconds = Math.floor(Date.now() / 1_000);
        const values: Record<string, string> = {
          function: "ingestion-dev-worker",
          "log-group": "/aws/lambda/ingestion-dev-worker",
          mapping: EventSourceMappings[0].UUID,
          "queue-url": url("ingestion-dev-events"),
          "dead-letter-queue-url": url("ingestion-dev-events-dlq"),
          "unsent-queue-url": url("ingestion-dev-events-dlq"),
          "undelivered-queue-url": url("ingestion-dev-events-dlq"),
          "topic-arn": "arn:aws:sns:us-east-1:000000000000:ingestion-dev-notifications",
          message: "hello",
          attributes: '{"kind":{"DataType":"String","StringValue":"order"}}',
          table: "ingestion-dev-journal",
          alarm: "ingestion-dev-worker-errors",
          queue: "ingestion-dev-events",
          start: String(seconds - 3_600),
          end: String(seconds + 60),
        };
        for (const command of commandsOf(text)) {
          const [program, ...words] = wordsOf(command.replace(/^npx /, "")).map((word) =>
            word.replace(/^<([a-z-]+)>$/, (_, name: string) => values[name] ?? expect.fail(`${command}: ${word}`)),
          );
          if (program === "reliq") {
            expect(await reliq(...words, "--endpoint", endpoint), command).toMatchObject({ code: 0 });
            continue;
          }
          expect(program, command).toBe("aws");
          const answer = await aws(...words);
          if (words[1] === "start-query") values["query"] = answer.queryId;
          if (words[1] === "get-query-results") expect(answer.status).toBe("Complete");
        }
      },
      120_000,
    );
  },
);
