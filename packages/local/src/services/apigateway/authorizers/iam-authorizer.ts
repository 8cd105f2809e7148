import type { World } from "../../../kernel/service.ts";
import type { ApiRequest } from "../api-request.ts";
import type { Authorization } from "./authorization.ts";

/** `Credential=AKID/20260101/us-east-1/execute-api/aws4_request`, of the header or of a presigned URL. */
const CREDENTIAL = /^([\w.@+-]{1,128})\/\d{8}\/[\w-]+\/execute-api\/aws4_request$/;

/**
 * Lets signed requests pass (HTTP API developer guide, IAM authorization). As everywhere in the region any credentials will do, and the
 * signature is not computed again; the access key names the user, so that the callers can be told apart.
 */
export function authorizeBySignature({ accountId }: Pick<World, "accountId">, request: ApiRequest): Authorization {
  const accessKey = CREDENTIAL.exec(credentialOf(request) ?? "")?.[1];
  if (accessKey === undefined) return { kind: "forbidden" };
  return {
    kind: "allowed",
    authorizer: {
      iam: {
        accessKey,
        accountId,
        callerId: accessKey,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: `arn:aws:iam::${accountId}:user/${accessKey}`,
        userId: accessKey,
      },
    },
  };
}

/** The credential that a request is signed with, where it has a signature at all. */
function credentialOf({ headers, query }: ApiRequest): string | undefined {
  const header = headers["authorization"];
  if (header === undefined) return query["X-Amz-Signature"] ? query["X-Amz-Credential"] : undefined;
  return /^AWS4-HMAC-SHA256 (?=.*Signature=[0-9a-f]{64})(?:.*[ ,])?Credential=([^, ]+)/.exec(header)?.[1];
}
