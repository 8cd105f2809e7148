import type { Resource, ResourceProvider, ResourceRequest } from "../src/kernel/resource.ts";

/** A provider that keeps its resources in memory, by name, and says what it was asked to do. */
export interface FakeProvider extends ResourceProvider {
  readonly kept: Readonly<Record<string, string>>;
  /** What exists: by physical name, the properties put last. */
  readonly existing: Map<string, ResourceRequest>;
  readonly calls: string[];
}

export function fakeProvider(supported: readonly string[], before: () => void = () => {}): FakeProvider {
  const existing = new Map<string, ResourceRequest>();
  const calls: string[] = [];
  return {
    supported,
    kept: { Tags: "shown, and nothing else" },
    existing,
    calls,
    put: async (request): Promise<Resource> => {
      before();
      calls.push(`put ${request.logicalId}`);
      existing.set(request.name, request);
      before();
      return { ref: `ref:${request.name}`, attributes: { Arn: `arn:${request.name}`, Name: request.name } };
    },
    remove: async ({ attributes }) => {
      before();
      calls.push(`remove ${attributes["Name"]}`);
      existing.delete(attributes["Name"] ?? "");
      before();
    },
  };
}
