import type { Service, World } from "../kernel/service.ts";
import { apigatewayService } from "./apigateway/service.ts";
import { cloudformationService } from "./cloudformation/service.ts";
import { cloudwatchService } from "./cloudwatch/service.ts";
import { dynamodbService } from "./dynamodb/service.ts";
import { dynamodbStreamsService } from "./dynamodb/streams/service.ts";
import { eventsService } from "./events/service.ts";
import { kmsService } from "./kms/service.ts";
import { lambdaService } from "./lambda/service.ts";
import { logsService } from "./logs/service.ts";
import { s3Service } from "./s3/service.ts";
import { schedulerService } from "./scheduler/service.ts";
import { sesService } from "./ses/service.ts";
import { snsService } from "./sns/service.ts";
import { sqsService } from "./sqs/service.ts";
import { ssmService } from "./ssm/service.ts";
import { stsService } from "./sts/service.ts";
import { xrayService } from "./xray/service.ts";

/** Every service of the region; adding one is adding its folder, and its line here. */
export const SERVICES: readonly ((world: World) => Service)[] = [
  apigatewayService,
  cloudformationService,
  cloudwatchService,
  dynamodbService,
  dynamodbStreamsService,
  logsService,
  xrayService,
  s3Service,
  snsService,
  sqsService,
  lambdaService,
  eventsService,
  schedulerService,
  sesService,
  ssmService,
  kmsService,
  stsService,
];
