/** The functions of recovery and of its API as two files of an app, `<folder>recovery.ts` and `<folder>api.ts`, by the `RULES` of `<folder>rules.ts`. */
export function recoveryFunctions(folder = ""): Readonly<Record<string, string>> {
  return {
    [`${folder}recovery.ts`]: `
    import { recoveryFromEnvironment, recoveryHandler } from "@reliq/aws/recovery";
    import { RULES } from "./rules.ts";
    export const handler = recoveryHandler(recoveryFromEnvironment(RULES));`,
    [`${folder}api.ts`]: `
    import { recoveryApiHandler, recoveryFromEnvironment } from "@reliq/aws/recovery";
    import { RULES } from "./rules.ts";
    export const handler = recoveryApiHandler(recoveryFromEnvironment(RULES));`,
  };
}
