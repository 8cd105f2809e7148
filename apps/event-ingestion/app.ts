import { App } from "aws-cdk-lib";
import { defineEventIngestion } from "./stacks.ts";

// The CDK's own check of the templates takes longer than all the rest: the definition test runs it, on the same templates.
const app = new App({ builtinCloudFormationValidation: false });
defineEventIngestion(app);
app.synth();
