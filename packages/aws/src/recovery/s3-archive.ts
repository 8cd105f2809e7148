import { hash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { ReliqError } from "@reliq/core";
import type { Archive, ArchivedMessage, ArchivePlace } from "@reliq/core/recovery";
import { readArchived, writeBinaryJson } from "./archive-format.ts";

/**
 * The archive in a bucket: `archive/<queue>/<year>/<month>/<day>/<lineage>-<death>-<hash>.json` for messages, `bodies/…` for bodies
 * that are too large for the table. Keys are made of the content, so two that archive the same death at once do not overwrite each other.
 */
export function s3Archive(client: S3Client, bucket: string): Archive {
  const put = async (key: string, body: string, contentType: string): Promise<void> => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
  };
  const get = async (at: { readonly bucket: string; readonly key: string }): Promise<string> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: at.bucket, Key: at.key }));
    return (await Body?.transformToString()) ?? "";
  };
  return {
    put: async (archived) => {
      const text = writeBinaryJson(archived);
      const contentHash = hash("sha256", text);
      const key = archiveKey(archived, contentHash);
      await put(key, text, "application/json");
      return { bucket, key, contentHash };
    },
    get: async (place) => readArchived(checkHash(place, await get(place))),
    putBody: async (name, body) => {
      const key = `bodies/${encodePath(name)}-${hash("sha256", body).slice(0, 16)}`;
      await put(key, body, "text/plain; charset=utf-8");
      return { bucket, key };
    },
    getBody: get,
  };
}

function archiveKey(
  { failure: { queue, lineage, deaths, capturedAtMs } }: ArchivedMessage,
  contentHash: string,
): string {
  const day = new Date(capturedAtMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return `archive/${encodePath(queue)}/${day}/${encodePath(lineage)}-${deaths}-${contentHash.slice(0, 16)}.json`;
}

/** A lineage can come from an outbox's item, and hold anything. */
function encodePath(text: string): string {
  return text.split("/").map(encodeURIComponent).join("/");
}

function checkHash({ bucket, key, contentHash }: ArchivePlace, text: string): string {
  if (hash("sha256", text) === contentHash) return text;
  throw new ReliqError(
    "archive-damaged",
    `The archived message ${key} in ${bucket} is not what its hash says: it was changed after it was archived. Nothing of it is used.`,
  );
}
