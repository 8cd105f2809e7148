const PATH = /^\$(?:\.[\w/-]+|\.\*|\[(?:\d+|\*)\])*$/;

/** Whether a text is a path that EventBridge takes: dots, indices and stars (user guide, "Input transformation"). */
export function isInputPath(path: string): boolean {
  return PATH.test(path);
}

/** What a valid path finds in an event, or undefined; a star finds a list. */
export function valueAt(event: unknown, path: string): unknown {
  const steps = path.match(/[\w/-]+|\*/g) ?? [];
  return follow(event, steps);
}

function follow(value: unknown, [step, ...others]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (step !== "*") {
    return Object.hasOwn(value, step) ? follow((value as Record<string, unknown>)[step], others) : undefined;
  }
  return Object.values(value).flatMap((each) => {
    const found = follow(each, others);
    return found === undefined ? [] : [found];
  });
}
