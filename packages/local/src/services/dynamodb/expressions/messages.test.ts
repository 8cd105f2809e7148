import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTable, openRegion, type TestRegion } from "../testing/fixture.ts";

/** What DynamoDB says of expressions that it refuses; the words are those of AWS's own DynamoDB Local 1.25. */
let at: TestRegion;

beforeAll(async () => {
  at = await openRegion();
  await newTable(at, "words", ["S", "N"]);
});
afterAll(() => at.close());

const S = { ":s": { S: "x" } };
const N = { ":n": { N: "1" } };

describe("Condition expressions (developer guide, Condition expressions; Reserved words)", () => {
  test.each([
    ["", {}, "The expression can not be empty;"],
    ["a = ", {}, 'Syntax error; token: "<EOF>", near: "= "'],
    ["a = b c", {}, 'Syntax error; token: "c", near: "b c"'],
    ["a ! b", {}, 'Syntax error; token: "!", near: "a ! b"'],
    ["a[x] = b", {}, 'Syntax error; token: "x", near: "[x]"'],
    ["a IN ()", {}, 'Syntax error; token: ")", near: "()"'],
    ["_a = b", {}, 'Syntax error; token: "_", near: "_a"'],
    ["a = :s AND :s.b = a", S, 'Syntax error; token: ".", near: ":s.b"'],
    ["((a = b))", {}, "The expression has redundant parentheses;"],
    ["((a)) = b", {}, "The expression has redundant parentheses;"],
    ["a = :missing", {}, "An expression attribute value used in expression is not defined; attribute value: :missing"],
    ["#a = b", {}, "An expression attribute name used in the document path is not defined; attribute name: #a"],
    ["name = b", {}, "Attribute name is a reserved keyword; reserved keyword: name"],
    [
      "a = a",
      {},
      "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]",
    ],
    ["nope(a)", {}, "Invalid function name; function: nope"],
    ["size(a)", {}, "The function is not allowed to be used this way in an expression; function: size"],
    [
      "attribute_exists(a) = b",
      {},
      "The function is not allowed to be used this way in an expression; function: attribute_exists",
    ],
    [
      "attribute_exists(a, b)",
      {},
      "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
    ],
    [
      "attribute_exists(:s)",
      S,
      "Operator or function requires a document path; operator or function: attribute_exists",
    ],
    [
      "attribute_type(a, :s)",
      S,
      "Invalid attribute type name found; type: x, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}",
    ],
    [
      "begins_with(a, :n)",
      N,
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    ["size(:n) = b", N, "Incorrect operand type for operator or function; operator or function: size, operand type: N"],
    [
      "a < :f",
      { ":f": { BOOL: true } },
      "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
    ],
    [
      "b BETWEEN :n AND :s",
      { ...N, ...S },
      "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}",
    ],
    [
      "b BETWEEN :n AND :m",
      { ...N, ":m": { N: "0" } },
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {N:0}",
    ],
  ])("%j", async (ConditionExpression, values, message) => {
    const put = at.client.putItem({
      TableName: "words",
      Item: { pk: { S: "x" }, sk: { N: "1" } },
      ConditionExpression,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values as unknown as typeof S }),
    });
    await expect(put).rejects.toMatchObject({
      name: "ValidationException",
      message: `Invalid ConditionExpression: ${message}`,
    });
  });
});

describe("Update expressions (developer guide, Update expressions)", () => {
  test.each([
    ["FOO a", {}, 'Invalid UpdateExpression: Syntax error; token: "FOO", near: "FOO a"'],
    ["SET a = :s ,", S, 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","'],
    ["SET a = :n + :n + :n", N, 'Invalid UpdateExpression: Syntax error; token: "+", near: ":n + :n"'],
    [
      "SET a = :s SET b = :s",
      S,
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      "SET a = :s, a.b = :s",
      S,
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
    ],
    [
      "SET a[1] = :s, a.b = :s",
      S,
      "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [1]], path two: [a, b]",
    ],
    [
      "SET a = size(b)",
      {},
      "Invalid UpdateExpression: The function is not allowed in an update expression; function: size",
    ],
    [
      "SET a = :s + :n",
      { ...S, ...N },
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S",
    ],
    [
      "ADD a :s",
      S,
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ],
    [
      "DELETE a :n",
      N,
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
    ],
    ["SET a = b", {}, "The provided expression refers to an attribute that does not exist in the item"],
    ["SET a.b = :s", S, "The document path provided in the update expression is invalid for update"],
    ["SET a = note + :n", N, "An operand in the update expression has an incorrect data type"],
    ["ADD note :n", N, "An operand in the update expression has an incorrect data type"],
    [
      "SET pk = :s",
      S,
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "REMOVE sk.a",
      {},
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: sk",
    ],
  ])("%j", async (UpdateExpression, values, message) => {
    const Key = { pk: { S: "u" }, sk: { N: "1" } };
    await at.client.putItem({ TableName: "words", Item: { ...Key, note: { S: "x" } } });
    const update = at.client.updateItem({
      TableName: "words",
      Key,
      UpdateExpression,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values as unknown as typeof S }),
    });
    await expect(update).rejects.toMatchObject({ name: "ValidationException", message });
  });
});

describe("Names and values (developer guide, Expression attribute names; Expression attribute values)", () => {
  const item = { TableName: "words", Item: { pk: { S: "x" }, sk: { N: "1" } } };

  test.each([
    [
      "an unused name",
      { ConditionExpression: "a = b", ExpressionAttributeNames: { "#x": "y" } },
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}",
    ],
    [
      "an unused value",
      { ConditionExpression: "a = b", ExpressionAttributeValues: S },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:s}",
    ],
    [
      "names without an expression",
      { ExpressionAttributeNames: { "#x": "y" } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      "values without an expression",
      { ExpressionAttributeValues: S },
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    ],
    [
      "no names at all",
      { ConditionExpression: "a = b", ExpressionAttributeNames: {} },
      "ExpressionAttributeNames must not be empty",
    ],
    [
      "a malformed name",
      { ConditionExpression: "a = b", ExpressionAttributeNames: { x: "y" } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "x"',
    ],
    [
      "a malformed value",
      { ConditionExpression: "a = :n", ExpressionAttributeValues: { ":n": { N: "x" } } },
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :n",
    ],
    [
      "an expression of over 4 KB",
      { ConditionExpression: `a = ${"b".repeat(4_093)}` },
      "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097",
    ],
  ])("%s", async (_, input, message) => {
    await expect(at.client.putItem({ ...item, ...(input as object) })).rejects.toMatchObject({ message });
  });
});
