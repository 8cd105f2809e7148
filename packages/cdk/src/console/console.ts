import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ConsoleConfig, configuredPage, contentPolicy } from "@reliq/core/recovery";
import { Aws, CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { Distribution } from "aws-cdk-lib/aws-cloudfront";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Construct } from "constructs";
import { takeLogAlong } from "../archive-bucket.ts";
import { checkProps, given, type PropCheck, refusedProp, text } from "../check-props.ts";
import type { TokenIssuer } from "../function-api.ts";
import type { RecoveryApi } from "../recovery-api.ts";
import { acknowledgeDeployment, acknowledgePages } from "./acknowledge.ts";
import { consoleDistribution } from "./distribution.ts";
import { builtFiles, hasBuiltFiles } from "./files.ts";
import { RegionApi } from "./region-api.ts";
import {
  checkSignIn,
  type IssuerSignIn,
  prepareSignIn,
  type SignedIn,
  tokenOriginOf,
  type UserPoolSignIn,
} from "./sign-in.ts";

/** What a Console is made of. */
export interface ConsoleProps {
  /** Who signs in: people of a user pool of Cognito, or of another issuer. */
  readonly signIn: IssuerSignIn | UserPoolSignIn;
  /** A name of yours, such as `console.example`, with its certificate (in us-east-1, as CloudFront wants it). @default a name of CloudFront's */
  readonly domainName?: string;
  readonly certificate?: ICertificate;
  /** The ARN of a web ACL of AWS WAF (in us-east-1). @default none */
  readonly webAclId?: string;
  /** The folder of the console's built files. @default those that come with `@reliq/console` */
  readonly files?: string;
}

const PROPS: Readonly<Record<keyof ConsoleProps, PropCheck>> = {
  signIn: checkSignIn,
  domainName: text(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    "a name such as console.example",
  ),
  certificate: (value) => (value === undefined ? undefined : given("a certificate")(value)),
  webAclId: text(/^arn:/, "the ARN of a web ACL"),
  files: (value) =>
    value === undefined || hasBuiltFiles(value)
      ? undefined
      : "the folder of the built files, with index.html in it (npm run build:console)",
};

/**
 * The console as static pages: a bucket that nobody but CloudFront reads, the policies of the local console, and a sign-in by the
 * authorization-code flow with PKCE. It shows what the recovery APIs of its systems know; `authorizer` and `url` are what these need. Of systems whose stacks it is
 * told, one more function reads how messages flow, what queues hold, alarms and dashboards. The stack's output `ConsoleUrl` is its address.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Console extends Construct {
  /** `https://…`, without a slash at its end: also what the `origins` of its RecoveryApis are. */
  readonly url: string;
  /** Whose tokens its RecoveryApis take, and which claim says a person's role. */
  readonly authorizer: TokenIssuer;
  readonly distribution: Distribution;
  readonly bucket: Bucket;
  readonly #signedIn: SignedIn;
  readonly #files: string;
  readonly #tokenOrigin: string;
  readonly #pages: BucketDeployment;
  readonly #systems: ConsoleConfig["systems"][number][] = [];
  #region: RegionApi | undefined;

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id);
    checkProps(this, props, PROPS);
    const { signIn, domainName, certificate, files = builtFiles() } = props;
    if ((domainName === undefined) !== (certificate === undefined)) {
      throw refusedProp(this, "domainName", domainName, "it takes a name together with its `certificate`");
    }
    if (!hasBuiltFiles(files)) throw refusedProp(this, "files", files, "it is not built: npm run build:console");
    this.#files = files;
    this.bucket = new Bucket(this, "Files", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // What is in it can be built again at any time.
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    const apis = `https://*.execute-api.${Stack.of(this).region}.${Aws.URL_SUFFIX}`;
    this.#tokenOrigin = tokenOriginOf(signIn);
    const policy = contentPolicy(["'self'", apis, this.#tokenOrigin]);
    this.distribution = consoleDistribution(this, this.bucket as IBucket, policy, props);
    this.url = `https://${domainName ?? this.distribution.distributionDomainName}`;
    takeLogAlong(Stack.of(this));
    this.#signedIn = prepareSignIn(this, signIn, this.url);
    this.authorizer = this.#signedIn.authorizer;
    acknowledgePages(this.bucket, this.distribution, props);
    this.#pages = this.#deploy();
    this.node.addValidation({ validate: () => (this.#systems.length > 0 ? [] : [NO_SYSTEM]) });
    new CfnOutput(this, "Url", { value: this.url }).overrideLogicalId("ConsoleUrl");
  }

  /**
   * Shows a system by its RecoveryApi, which takes this console's `authorizer`, and its `url` among its `origins`; and by its stacks, which are in this region. What these have is
   * shown to all who sign in: names, numbers and settings, and no message.
   * @param stacks @default none: there is no flow, and there are no queues, alarms and dashboards
   * @throws ReliqError `construct-prop` for a name that is there already, or none, and for a stack of another region.
   */
  addSystem(name: string, { url }: Pick<RecoveryApi, "url">, stacks: readonly Stack[] = []): void {
    if (!/^[\w-]{1,128}$/.test(name) || this.#systems.some((each) => each.name === name)) {
      throw refusedProp(this, "system", name, "it takes another name of 1 to 128 letters, digits, '-' or '_'");
    }
    const own = Stack.of(this);
    const elsewhere = stacks.find(({ region, account }) => region !== own.region || account !== own.account);
    if (elsewhere) {
      throw refusedProp(this, "stacks", elsewhere.stackName, "it takes stacks of the console's own region and account");
    }
    this.#systems.push({ name, api: url });
    if (stacks.length > 0) this.#regionApi().addSystem(name, stacks);
    const config: ConsoleConfig = {
      region: Stack.of(this).region,
      systems: [...this.#systems],
      signIn: this.#signedIn.signIn,
      ...(this.#region && { regionApi: this.#region.url }),
    };
    const apis = [...this.#systems.map(({ api }) => api), ...(this.#region ? [this.#region.url] : [])];
    const connect = ["'self'", ...apis, this.#tokenOrigin];
    // Of several sources of one object the last one counts.
    this.#pages.addSource(Source.jsonData("config.json", config));
    this.#pages.addSource(
      Source.data("index.html", configuredPage(readFileSync(join(this.#files, "index.html"), "utf8"), connect)),
    );
  }

  #regionApi(): RegionApi {
    this.#region ??= new RegionApi(this, "Region", { authorizer: this.authorizer, origin: this.url });
    return this.#region;
  }

  /** What a file holds is in its name, but of the pages and what is beside them: these are asked for each time. */
  #deploy(): BucketDeployment {
    const destination = { destinationBucket: this.bucket as IBucket, prune: false };
    new BucketDeployment(this, "Assets", {
      ...destination,
      sources: [Source.asset(join(this.#files, "assets"))],
      destinationKeyPrefix: "assets",
      cacheControl: [CacheControl.fromString("public, max-age=31536000, immutable")],
    });
    const pages = new BucketDeployment(this, "Pages", {
      ...destination,
      sources: [Source.data("icon.svg", readFileSync(join(this.#files, "icon.svg"), "utf8"))],
      cacheControl: [CacheControl.fromString("no-cache")],
    });
    acknowledgeDeployment(this, this.bucket);
    return pages;
  }
}

const NO_SYSTEM = "it shows no system: addSystem(name, recoveryApi).";
