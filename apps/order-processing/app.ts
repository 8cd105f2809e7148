import { App } from "aws-cdk-lib";
import { defineOrderProcessing } from "./stack.ts";

// The CDK's own check of the templates takes longer than all the rest: the definition test runs it, on the same templates.
const app = new App({ builtinCloudFormationValidation: false });
defineOrderProcessing(app);
app.synth();
