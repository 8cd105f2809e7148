import type { Dispatcher, Pool } from "undici";
import { type RawAnswer, unsignedBy } from "../harness/raw-client.ts";
import { bodyOf, textOf } from "./body.ts";
import { type Answer, type ChaosClient, type Load, learned, needDone } from "./client.ts";
import { writtenKeys } from "./history.ts";

const BUCKET = "chaos";

/** What the keys of its objects begin with. */
const KEYS = "object/";

const CLAIMERS = 2;
const KEYS_PER_WRITER = 20;

/** The lengths of bodies, bytes: the region keeps small ones in its state file, and large ones in files of their own. */
const LENGTHS: readonly [number, number] = [100, 60_000];

/** Puts, overwrites, deletes and conditional puts of small and large objects in one bucket. */
export function s3Load(client: ChaosClient): Load {
  let claims = 0;
  return {
    prepare: async () => {
      needDone(await request(client, "PUT", ""));
    },
    actors: [
      ...Array.from(
        { length: CLAIMERS },
        () => () => claim(client, `${KEYS}claim-${Math.floor(claims / CLAIMERS)}`, claims++),
      ),
      ...[1, 2].map((writer) => writerOf(client, `${KEYS}write-${writer}`)),
    ],
    drain: async () => {
      for (const key of writtenKeys(client.operations, KEYS)) await read(client, key);
    },
  };
}

/** As many tries for each key as there are claimers, at about the same time. */
async function claim(client: ChaosClient, key: string, number: number): Promise<void> {
  const owner = `owner-${number}-${client.random.pick(LENGTHS)}`;
  let lost = true;
  while (lost) {
    const answer = await request(client, "PUT", key, { "if-none-match": "*" }, bodyOf(owner));
    client.operations.push({ type: "claim", key, owner, ...learned(answer) });
    lost = answer.outcome.kind === "lost" && client.random.chance(0.7);
  }
}

/** Writes to its own keys, one after the other, and reads some of them between. */
function writerOf(client: ChaosClient, name: string): () => Promise<void> {
  const { random } = client;
  let version = 0;
  return async () => {
    const key = `${name}-${random.integer(1, KEYS_PER_WRITER)}`;
    if (random.chance(0.2)) await read(client, key);
    const value = random.chance(0.2) ? null : `version-${version++}-${random.pick(LENGTHS)}`;
    const answer =
      value === null ? await request(client, "DELETE", key) : await request(client, "PUT", key, {}, bodyOf(value));
    client.operations.push({ type: "write", key, value, ...learned(answer) });
  };
}

async function read(client: ChaosClient, key: string): Promise<void> {
  const answer = await request(client, "GET", key);
  if (answer.outcome.kind === "lost") return;
  const { startedMs, endedMs } = answer;
  client.operations.push({ type: "read", key, value: valueIn(answer), startedMs, endedMs });
}

/** What an object says; null where there is none. An object that cannot be read says what nobody wrote. */
function valueIn({ outcome, body }: Answer): string | null {
  if (outcome.kind !== "refused") return textOf(body["content"] as string);
  return outcome.code === "NoSuchKey" ? null : `a refusal with ${outcome.code}`;
}

function request(
  client: ChaosClient,
  method: Dispatcher.HttpMethod,
  key: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<Answer> {
  return client.attempt((pool) => callS3(pool, method, key, headers, body));
}

async function callS3(
  pool: Pool,
  method: Dispatcher.HttpMethod,
  key: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<RawAnswer> {
  const answer = await pool.request({
    path: `/${BUCKET}/${key}`,
    method,
    headers: { authorization: unsignedBy("s3"), "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...headers },
    body,
  });
  const content = await answer.body.text();
  const code = /<Code>(\w+)<\/Code>/.exec(content)?.[1];
  return { status: answer.statusCode, body: answer.statusCode < 300 ? { content } : { __type: code, content } };
}
