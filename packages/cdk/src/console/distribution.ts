import { Duration } from "aws-cdk-lib";
import {
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { ConsoleProps } from "./console.ts";

/** Every address that is no file is a page of the console, which finds itself by it. */
const PAGES = `function handler(event) {
  var request = event.request;
  if (!/^\\/(assets\\/|config\\.json$|icon\\.svg$)/.test(request.uri)) request.uri = "/index.html";
  return request;
}`;

/** The pages of a bucket that nobody else reads, over TLS, with the headers that the local console has. */
export function consoleDistribution(
  scope: Construct,
  bucket: IBucket,
  contentSecurityPolicy: string,
  { domainName, certificate, webAclId }: Pick<ConsoleProps, "certificate" | "domainName" | "webAclId">,
): Distribution {
  const pages = new EdgeFunction(scope, "PageOfAddress", {
    code: FunctionCode.fromInline(PAGES),
    runtime: FunctionRuntime.JS_2_0,
  });
  return new Distribution(scope, "Distribution", {
    defaultRootObject: "index.html",
    defaultBehavior: {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: headersPolicy(scope, contentSecurityPolicy),
      functionAssociations: [{ function: pages, eventType: FunctionEventType.VIEWER_REQUEST }],
    },
    httpVersion: HttpVersion.HTTP2_AND_3,
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    ...(domainName !== undefined && certificate && { domainNames: [domainName], certificate }),
    ...(webAclId !== undefined && { webAclId }),
  });
}

function headersPolicy(scope: Construct, contentSecurityPolicy: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, "Headers", {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
    },
    customHeadersBehavior: {
      customHeaders: [{ header: "cross-origin-resource-policy", value: "same-origin", override: true }],
    },
  });
}
