/** A body that a client may send to `POST /events`, however odd. */
export interface JsonBody {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** The order's id where it is an event all the same. */
  readonly orderId?: string;
}

const event = (id: string, rest = ""): string => `{"orderId":"${id}","amount":1${rest}}`;

/** No JSON, or no event: each is refused with a reason. */
const REFUSED: Readonly<Record<string, string>> = {
  nothing: "",
  "white space": " \n\t ",
  null: "null",
  true: "true",
  false: "false",
  "a number": "7",
  "a text": '"o-1"',
  "an empty text": '""',
  "an empty object": "{}",
  "an empty list": "[]",
  "a list of lists": "[[]]",
  "a list of null": "[null]",
  "a list of a text": '["o-1"]',
  "an open object": "{",
  "an open list": "[",
  "an open text": '"',
  "a closing brace": "}",
  "a truncated name": '{"orde',
  "a truncated event": '{"orderId":"a","amount":1',
  "a truncated literal": '{"orderId":"a","amount":1,"x":tru',
  "a truncated escape": '{"orderId":"a","amount":1,"x":"\\u00',
  "a truncated list": `[${event("a")},`,
  "brackets that do not match": '{"orderId":"a","amount":1]',
  "two events without a list": event("a") + event("b"),
  "text after the event": `${event("a")}x`,
  "a comma after the event": `${event("a")},`,
  "a comma at the end of an object": '{"orderId":"a","amount":1,}',
  "a comma at the end of a list": `[${event("a")},]`,
  "a comma at the beginning": `[,${event("a")}]`,
  "two commas": '{"orderId":"a",,"amount":1}',
  "no colon": '{"orderId" "a","amount":1}',
  "two colons": '{"orderId"::"a","amount":1}',
  "names without quotes": '{orderId:"a",amount:1}',
  "single quotes": "{'orderId':'a','amount':1}",
  "a number as a name": '{1:2,"orderId":"a","amount":1}',
  "a comment": `/* an event */ ${event("a")}`,
  "a comment at the end of a line": `${event("a")} // an event`,
  "a leading zero": '{"orderId":"a","amount":01}',
  "a plus": '{"orderId":"a","amount":+1}',
  "a point at the end": '{"orderId":"a","amount":1.}',
  "a point at the beginning": '{"orderId":"a","amount":.5}',
  "an exponent without digits": '{"orderId":"a","amount":1e}',
  "a hexadecimal number": '{"orderId":"a","amount":0x10}',
  "a number with separators": '{"orderId":"a","amount":1_000}',
  NaN: '{"orderId":"a","amount":NaN}',
  Infinity: '{"orderId":"a","amount":Infinity}',
  "an amount of 1e400": '{"orderId":"a","amount":1e400}',
  "a field of -1e400": event("a", ',"x":-1e400'),
  "an integer that loses digits": event("a", ',"x":12345678901234567891'),
  "an amount that no table keeps": '{"orderId":"a","amount":1.7e308}',
  "an amount of nothing": '{"orderId":"a","amount":0}',
  "an amount of minus nothing": '{"orderId":"a","amount":-0}',
  "an amount too small to be one": '{"orderId":"a","amount":1e-400}',
  "an amount as a text": '{"orderId":"a","amount":"1"}',
  "an amount of null": '{"orderId":"a","amount":null}',
  "an amount in a list": '{"orderId":"a","amount":[1]}',
  "an id that is a number": '{"orderId":7,"amount":1}',
  "an id that is an object": '{"orderId":{"toString":"a"},"amount":1}',
  "an id of null": '{"orderId":null,"amount":1}',
  "an empty id": event(""),
  "an id with NUL": event("\\u0000"),
  "an id with a line end": event("a\\nb"),
  "an id with a lone high surrogate": event("\\ud800"),
  "an id with a lone low surrogate": event("a\\udc00"),
  "an id with surrogates the wrong way round": event("\\udc00\\ud800"),
  "an id that is too long": event("x".repeat(201)),
  "ids under names of other letters": '{"ORDERID":"a","Amount":1}',
  "an id that only a prototype has": '{"__proto__":{"orderId":"a","amount":1}}',
  "a raw NUL in a text": event("a\u0000"),
  "a raw NUL between values": `{"orderId":"a",\u0000"amount":1}`,
  "a raw line end in a text": event("a", ',"x":"1\n2"'),
  "a raw tab in a text": event("a", ',"x":"1\t2"'),
  "an escape that is none": event("a", ',"x":"\\x41"'),
  "an escape with too few digits": event("a", ',"x":"\\u41"'),
  "a byte order mark": `\uFEFF${event("a")}`,
  "a byte order mark alone": "\uFEFF",
  "a form feed as white space": `\f${event("a")}`,
  "a space that does not break": `\u00a0${event("a")}`,
  "a literal in capitals": event("a", ',"x":TRUE'),
  undefined: event("a", ',"x":undefined'),
  "a list 100,000 levels deep that is never closed": "[".repeat(100_000),
  "objects 100,000 levels deep that are never closed": '{"a":'.repeat(100_000),
  "a field 5,000 levels deep": event("a", `,"x":${"[".repeat(5_000)}${"]".repeat(5_000)}`),
  "a field 65 levels deep": event("a", `,"x":${"[".repeat(65)}${"]".repeat(65)}`),
  "more events than a request takes": `[${Array.from({ length: 101 }, (_, index) => event(`many-${index}`)).join()}]`,
};

/** Events, though odd: each is accepted as it is. The id is put in. */
const ACCEPTED: Readonly<Record<string, (id: string) => string>> = {
  "white space on every side": (id) => ` \r\n\t{ "orderId" : "${id}" ,\n "amount" : 1 } \n`,
  "an amount with an exponent": (id) => `{"orderId":"${id}","amount":1E+2}`,
  "an amount of 1e125": (id) => `{"orderId":"${id}","amount":1e125}`,
  "an amount of many digits": (id) => `{"orderId":"${id}","amount":0.1000000000000000055511151231257827}`,
  "the largest exact integer": (id) => event(id, ',"x":9007199254740991'),
  "an integer of many digits that is exact": (id) => event(id, ',"x":100000000000000000000'),
  "a name twice": (id) => `{"orderId":"first-${id}","orderId":"${id}","amount":1}`,
  "an empty name": (id) => event(id, ',"":1'),
  "a lone surrogate in a field": (id) => event(id, ',"x":"\\ud800"'),
  "NUL in a field": (id) => event(id, ',"x":"\\u0000"'),
  "control characters in a field": (id) => event(id, ',"x":"\\u0001\\u001f\\u007f\\u009f"'),
  "what is no character in a field": (id) => event(id, ',"x":"\uFFFE\uFFFF \\ufffe\\uffff"'),
  "a character of two units": (id) => event(id, ',"x":"😀 \\ud83d\\ude00"'),
  "line separators in a field": (id) => event(id, ',"x":"\u2028\u2029"'),
  "every escape": (id) => event(id, ',"x":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041"'),
  "text that looks like markup": (id) => event(id, ',"x":"</Message><![CDATA[ & ]]>"'),
  "an id of other letters": (id) => event(`${id}-Ünï-😀`),
  "an id with quotes and slashes": (id) => event(`${id}-\\"\\\\/\\u0041`),
  "names that objects have": (id) => event(id, ',"constructor":1,"toString":2,"hasOwnProperty":3'),
  "a prototype as a field": (id) => event(id, ',"__proto__":{"amount":2}'),
  "a field 60 levels deep": (id) => event(id, `,"x":${"[".repeat(60)}${"]".repeat(60)}`),
  "brackets in a text": (id) => event(id, `,"x":"${"[".repeat(500)}"`),
  "a text of 500,000 characters": (id) => event(id, `,"x":"${"ü".repeat(250_000)}"`),
  "10,000 fields": (id) => event(id, Array.from({ length: 10_000 }, (_, index) => `,"f${index}":${index}`).join("")),
  "a list of one": (id) => `[${event(id)}]`,
};

/** Bytes that are no UTF-8, or not what they seem. */
const BYTES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "an id with a byte that is no UTF-8": bytesOf('{"orderId":"a', [0xff], '","amount":1}'),
  "an id with a character that is written too long": bytesOf('{"orderId":"', [0xc0, 0xaf], '","amount":1}'),
  "an id with a surrogate in bytes": bytesOf('{"orderId":"', [0xed, 0xa0, 0x80], '","amount":1}'),
  "a character that ends too soon": bytesOf('{"orderId":"a', [0xe2, 0x82]),
  "a byte order mark in bytes": bytesOf("", [0xef, 0xbb, 0xbf], event("a")),
  "UTF-16": new Uint8Array(Buffer.from(event("a"), "utf16le")),
  "UTF-16 with its mark": new Uint8Array(
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(event("a"), "utf16le")]),
  ),
  "bytes of no text": Uint8Array.from({ length: 256 }, (_, index) => index),
};

function bytesOf(before: string, bytes: readonly number[], after = ""): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));
}

/** Bodies of the kinds that suites of JSON parsers have: what is no JSON, what is hardly JSON, and what is JSON and hard to bear. */
export const JSON_BODIES: readonly JsonBody[] = [
  ...[...Object.entries(REFUSED), ...Object.entries(BYTES)].map(([name, body]) => ({ name, body })),
  ...Object.entries(ACCEPTED).map(([name, write], index): JsonBody => {
    const body = write(`odd-${index}`);
    const parsed = JSON.parse(body) as { readonly orderId: string } | [{ readonly orderId: string }];
    return { name, body, orderId: (Array.isArray(parsed) ? parsed[0] : parsed).orderId };
  }),
];
