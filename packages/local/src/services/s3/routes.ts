import type { RestAnswer, RestRoute } from "../../kernel/protocol/rest.ts";
import { readXml, writeXml } from "../../kernel/protocol/rest-xml.ts";
import type { Action, Members, World } from "../../kernel/service.ts";
import { BINDINGS, type Binding, type Document, HEADER_MEMBERS, TRANSPORT_HEADERS } from "./bindings.ts";
import { givenChecksum, verifiedChecksum } from "./checksums.ts";
import { invalidRequest, notImplemented, unsupportedHeader } from "./errors.ts";
import { type Incoming, readIncoming } from "./incoming.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const METADATA = "x-amz-meta-";

/** Members that are headers even where the rest of an answer is a document. */
const BESIDE_DOCUMENTS = /^(ServerSideEncryption|SSEKMSKeyId|BucketKeyEnabled)$/;

/** S3's paths: every one, since any text is a key. */
export function s3Routes({ clock }: World, actions: Readonly<Record<string, Action>>): RestRoute[] {
  return ["GET", "HEAD", "PUT", "POST", "DELETE"].map((method) => ({
    method,
    path: "/{Path+}",
    action: "*",
    handle: async (request, context) => {
      const incoming = readIncoming(request, clock.now());
      const binding = bindingOf(incoming);
      const output = await actions[binding.action]?.(readInput(binding, incoming), context);
      return answerOf(binding, output ?? {}, context.requestId);
    },
  }));
}

/** The action that a request calls. @throws NotImplemented that names what is not served */
function bindingOf({ method, bucket, key, query, headers }: Incoming): Binding {
  const level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const names = [...query.keys()].filter((name) => !/^x-amz-/i.test(name));
  const binding = BINDINGS.find(
    (each) =>
      each.method === method &&
      each.level === level &&
      (each.subresource === undefined || query.has(each.subresource)) &&
      (each.header === undefined || each.header in headers),
  );
  const taken = ["x-id", binding?.subresource, ...(binding?.query ?? [])];
  const other = names.find((name) => !taken.includes(name));
  if (!binding || other !== undefined) throw notImplemented(`${method}${other ? ` ?${other}` : ""} of an S3 ${level}`);
  const named = query.get("x-id") ?? binding.action;
  if (named !== binding.action) throw notImplemented(`s3:${named}`);
  const header = Object.keys(headers).find((name) => name.startsWith("x-amz-") && !isKnown(name, binding));
  if (header !== undefined) throw unsupportedHeader(header);
  return binding;
}

function isKnown(name: string, { action }: Binding): boolean {
  if (name.startsWith("x-amz-copy-source")) return action === "CopyObject";
  return name.startsWith(METADATA) || TRANSPORT_HEADERS.includes(name) || HEADERS.has(name);
}

const HEADERS: ReadonlySet<string> = new Set(Object.values(HEADER_MEMBERS));

function readInput(binding: Binding, { bucket, key, query, headers, body }: Incoming): Members {
  const headerMembers = Object.entries(HEADER_MEMBERS).map(([member, name]) => [member, headers[name]]);
  const queryMembers = [...query].map(([name, value]) => [memberOfQuery(name), value]);
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  const input: Members = {
    ...Object.fromEntries([...headerMembers, ...queryMembers].filter(([, value]) => value !== undefined)),
    Metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice(METADATA.length), value])),
    Bucket: bucket,
    Key: key,
  };
  if (binding.body && "bytes" in binding.body) return { ...input, [binding.body.bytes]: body };
  if (!binding.body || body.length === 0) return input;
  return { ...input, [binding.body.document]: readDocument(binding.body, input, body) };
}

/** `max-keys` is MaxKeys, `uploadId` is UploadId. */
function memberOfQuery(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_all, first: string) => first.toUpperCase());
}

function readDocument({ document, digest }: Document, input: Members, body: Buffer): Members {
  const given = input["ContentMD5"] !== undefined || givenChecksum(input) !== undefined;
  if (digest === "required" && !given) {
    throw invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
  }
  if (digest && given) verifiedChecksum(input, body);
  return readXml(body.toString("utf8"), document);
}

function answerOf({ answer, status = 200 }: Binding, output: Members, requestId: string): RestAnswer {
  const isDocument = answer !== undefined && "document" in answer;
  const asHeader = ([name]: [string, unknown]): boolean =>
    name in HEADER_MEMBERS && (!isDocument || BESIDE_DOCUMENTS.test(name));
  const members = Object.entries(output).filter(([, value]) => value !== undefined);
  const headers = {
    "x-amz-request-id": requestId,
    ...Object.fromEntries(members.filter(asHeader).map(([name, value]) => [HEADER_MEMBERS[name], String(value)])),
    ...metadataHeaders(output),
  };
  if (output["NotModified"]) return { status: 304, headers };
  const reached = output["ContentRange"] === undefined ? status : 206;
  if (answer === undefined) return { status: reached, headers };
  if ("bytes" in answer) return { status: reached, headers, body: output[answer.bytes] as string | Uint8Array };
  const content = Object.fromEntries(members.filter((member) => !asHeader(member)));
  return {
    status: reached,
    headers: { ...headers, "content-type": "application/xml" },
    body: writeXml(answer.document, (content[answer.document] as string | undefined) ?? content, NAMESPACE),
  };
}

function metadataHeaders({ Metadata }: Members): Record<string, string> {
  const entries = Object.entries((Metadata ?? {}) as Record<string, string>);
  return Object.fromEntries(entries.map(([name, value]) => [`${METADATA}${name}`, value]));
}
