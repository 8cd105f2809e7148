import { expect, test } from "vitest";
import { producerResponse } from "./producer-response.ts";

test("a round answers its counts in the words that scripts read", () => {
  expect(producerResponse({ accepted: 91, bad: 24 })).toEqual({
    statusCode: 200,
    body: '{"message":{"status":true,"msg_cnt":91,"bad_msg":24}}',
  });
});

test("a round that ended early says so, and still what it sent", () => {
  expect(producerResponse({ accepted: 18, bad: 4, failure: new Error("no connection") })).toEqual({
    statusCode: 500,
    body: '{"message":{"status":false,"msg_cnt":18,"bad_msg":4,"error":"Error: no connection"}}',
  });
});
