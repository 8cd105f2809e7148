import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTable, openRegion, type TestRegion } from "../testing/fixture.ts";

let at: TestRegion;

beforeAll(async () => {
  at = await openRegion();
  await newTable(at, "claims");
  await newTable(at, "ranged", ["S", "N"]);
});
afterAll(() => at.close());

const run = async (Statement: string, ...Parameters: { S?: string; N?: string }[]): Promise<unknown> =>
  (
    await at.client.executeStatement({
      Statement,
      ...(Parameters.length > 0 && { Parameters: Parameters as { S: string }[] }),
    })
  ).Items;

describe("PartiQL statements (developer guide, PartiQL for DynamoDB: statements)", () => {
  test("an item is inserted once, with literals of every kind", async () => {
    const insert = `INSERT INTO "claims" VALUE {'pk': 'it''s', 'n': -1.50, 'l': [1, 'two', {'t': TRUE, 'z': NULL}], 's': <<'a', 'b'>>, 'p': ?}`;
    await run(insert, { S: "given" });
    expect(await run("SELECT * FROM claims WHERE pk = 'it''s'")).toEqual([
      {
        pk: { S: "it's" },
        n: { N: "-1.5" },
        l: { L: [{ N: "1" }, { S: "two" }, { M: { t: { BOOL: true }, z: { NULL: true } } }] },
        s: { SS: ["a", "b"] },
        p: { S: "given" },
      },
    ]);
    await expect(run(insert, { S: "again" })).rejects.toMatchObject({
      name: "DuplicateItemException",
      message: "Duplicate primary key exists in table",
    });
  });

  test("an update needs its item, its whole key, and what else its WHERE says", async () => {
    await run("INSERT INTO ranged VALUE {'pk': 'u', 'sk': 1, 'n': 1, 'tags': <<'a'>>, 'l': [0]}");
    const update = "UPDATE ranged SET n = n + ?, l = list_append(l, [1]) SET tags = set_add(tags, <<'b'>>) REMOVE gone";
    const where = "WHERE pk = 'u' AND sk = 1 AND n BETWEEN 0 AND 1 AND (gone IS MISSING OR contains(tags, 'z'))";
    expect(await run(`${update} ${where} RETURNING ALL NEW *`, { N: "2" })).toEqual([
      { pk: { S: "u" }, sk: { N: "1" }, n: { N: "3" }, tags: { SS: ["a", "b"] }, l: { L: [{ N: "0" }, { N: "1" }] } },
    ]);
    await expect(run(`${update} ${where}`, { N: "2" })).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    await expect(run("UPDATE ranged SET n = 1 WHERE pk = 'none' AND sk = 1")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    await expect(run("UPDATE ranged SET n = 1 WHERE pk = 'u'")).rejects.toMatchObject({
      message: "Where clause does not contain a mandatory equality on all key attributes",
    });
  });

  test("a delete of nothing succeeds, unless its WHERE says more", async () => {
    expect(await run("DELETE FROM claims WHERE pk = 'none' RETURNING ALL OLD *")).toEqual([]);
    await expect(run("DELETE FROM claims WHERE pk = 'none' AND n = 1")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    await run("INSERT INTO claims VALUE {'pk': 'd', 'n': 1}");
    expect(await run("DELETE FROM claims WHERE pk = 'd' AND n = 1 RETURNING ALL OLD *")).toEqual([
      { pk: { S: "d" }, n: { N: "1" } },
    ]);
  });

  test("a select reads by its key, in its order, page by page, and filters", async () => {
    for (const sk of [3, 1, 2]) await run(`INSERT INTO ranged VALUE {'pk': 's', 'sk': ${sk}, 'v': ${sk}}`);
    expect(await run("SELECT v FROM ranged WHERE pk = 's' AND sk > 1")).toEqual([{ v: { N: "2" } }, { v: { N: "3" } }]);
    expect(await run("SELECT sk FROM ranged WHERE pk = 's' ORDER BY sk DESC")).toEqual(
      ["3", "2", "1"].map((N) => ({ sk: { N } })),
    );
    const Statement = "SELECT sk FROM ranged WHERE pk = 's'";
    const first = await at.client.executeStatement({ Statement, Limit: 2 });
    const rest = await at.client.executeStatement({ Statement, NextToken: first.NextToken });
    expect([first.Items?.length, rest.Items, rest.NextToken]).toEqual([2, [{ sk: { N: "3" } }], undefined]);
  });

  test.each([
    ["SELEC * FROM claims", "Statement wasn't well formed, can't be processed: SELEC * FROM claims"],
    ["INSERT INTO claims VALUE {'pk': ?}", "Number of parameters in request and statement don't match."],
    ["INSERT INTO claims VALUE {'n': 1}", "Key attribute should be present in the item: Key pk"],
    [
      "INSERT INTO claims VALUE {'pk': 1}",
      "Key attribute's data type should match its data type in table's schema: Key pk",
    ],
    ["INSERT INTO claims VALUE {'pk': 'a', 'pk': 'b'}", "Duplicate keys in tuple. Key: pk"],
    [
      "UPDATE claims SET pk = 'b' WHERE pk = 'a'",
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "UPDATE claims SET n = 1 WHERE pk = 'a' AND pk = 'b'",
      "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported",
    ],
    [
      "UPDATE claims SET n = size(n) WHERE pk = 'a'",
      "The function is not allowed in an update expression; function: size",
    ],
    [
      "UPDATE claims SET a = set_add(b, <<'x'>>) WHERE pk = 'a'",
      "The first argument to SET_ADD must equal the assignment value",
    ],
    [
      "DELETE FROM claims WHERE pk = 'a' RETURNING ALL NEW *",
      "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
    ],
    ["SELECT * FROM claims ORDER BY pk", "Must have WHERE clause in the statement when using ORDER BY clause."],
  ])("%s is refused", async (statement, message) => {
    await expect(run(statement)).rejects.toMatchObject({ name: "ValidationException", message });
  });

  test("a word of PartiQL is a name only in quotes, and a reserved word of expressions is one as it stands", async () => {
    await run("INSERT INTO claims VALUE {'pk': 'names'}");
    expect(
      await run(`UPDATE claims SET "size" = 1, "a b" = 2, name = 3 WHERE pk = 'names' RETURNING ALL NEW *`),
    ).toEqual([{ pk: { S: "names" }, size: { N: "1" }, "a b": { N: "2" }, name: { N: "3" } }]);
    await expect(run("UPDATE claims SET size = 1 WHERE pk = 'names'")).rejects.toMatchObject({
      message: expect.stringContaining("wasn't well formed"),
    });
  });
});

describe("Batches of statements (API reference, BatchExecuteStatement)", () => {
  const claim = (pk: string) => ({
    Statement: "INSERT INTO claims VALUE {'pk': ?, 'owner': ?}",
    Parameters: [{ S: pk }, { S: "me" }],
  });

  test("each statement has its own outcome, in the order of the statements", async () => {
    await run("INSERT INTO claims VALUE {'pk': 'taken', 'owner': 'you'}");
    const release = { Statement: "DELETE FROM claims WHERE pk = 'taken2' AND owner = 'me'" };
    const { Responses } = await at.client.batchExecuteStatement({
      Statements: [
        claim("free"),
        claim("taken"),
        release,
        { Statement: "INSERT INTO nope VALUE {'pk': 'x'}" },
        { Statement: "not a statement" },
        { Statement: "UPDATE claims SET n = n + 1 WHERE pk = 'it''s'" },
      ],
    });
    expect(Responses?.map((each) => each.Error?.Code)).toEqual([
      undefined,
      "DuplicateItem",
      "ConditionalCheckFailed",
      "ResourceNotFound",
      "ValidationError",
      undefined,
    ]);
    expect(await run("SELECT owner FROM claims WHERE pk = 'free'")).toEqual([{ owner: { S: "me" } }]);
    expect(await run("SELECT owner FROM claims WHERE pk = 'taken'")).toEqual([{ owner: { S: "you" } }]);
  });

  test("a failed condition shows its item on request; a duplicate does not", async () => {
    const show = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
    const { Responses } = await at.client.batchExecuteStatement({
      Statements: [
        { ...claim("taken"), ...show },
        { Statement: "UPDATE claims SET owner = 'me' WHERE pk = 'free' AND owner = 'you'", ...show },
      ],
    });
    expect(Responses?.map((each) => each.Error?.Item)).toEqual([undefined, { pk: { S: "free" }, owner: { S: "me" } }]);
  });

  test("items are read by their keys, missing ones as nothing", async () => {
    const { Responses } = await at.client.batchExecuteStatement({
      Statements: ["free", "none"].map((pk) => ({ Statement: `SELECT owner FROM claims WHERE pk = '${pk}'` })),
    });
    expect(Responses).toEqual([{ TableName: "claims", Item: { owner: { S: "me" } } }, { TableName: "claims" }]);
  });

  test("two statements for one key, reads among writes, and more than 25 are refused, and nothing is written", async () => {
    const batch = (Statements: object[]): Promise<unknown> =>
      at.client.batchExecuteStatement({ Statements: Statements as { Statement: string }[] });
    await expect(batch([claim("fresh"), claim("other"), claim("fresh")])).rejects.toMatchObject({
      message: "Provided list of item keys contains duplicates",
    });
    await expect(batch([claim("fresh"), { Statement: "SELECT * FROM claims WHERE pk = 'x'" }])).rejects.toMatchObject({
      message: "Read and write requests together in the same batch is not supported.",
    });
    await expect(batch(Array.from({ length: 26 }, (_, n) => claim(`n-${n}`)))).rejects.toMatchObject({
      message: expect.stringContaining("less than or equal to 25"),
    });
    expect(await run("SELECT * FROM claims WHERE pk = 'fresh'")).toEqual([]);
  });
});

describe("Transactions of statements (API reference, ExecuteTransaction)", () => {
  test("all statements or none, with the reason of each", async () => {
    const TransactStatements = [
      { Statement: "INSERT INTO claims VALUE {'pk': 't1'}" },
      { Statement: "EXISTS(SELECT * FROM claims WHERE pk = 'free' AND owner = 'you')" },
      { Statement: "INSERT INTO claims VALUE {'pk': 'taken'}" },
    ];
    await expect(at.client.executeTransaction({ TransactStatements })).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed" }, { Code: "DuplicateItem" }],
    });
    expect(await run("SELECT * FROM claims WHERE pk = 't1'")).toEqual([]);
    await at.client.executeTransaction({ TransactStatements: TransactStatements.slice(0, 1) });
    expect(await run("SELECT * FROM claims WHERE pk = 't1'")).toHaveLength(1);
  });
});
