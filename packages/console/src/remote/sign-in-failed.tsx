import type { ReactElement } from "react";
import { inertText } from "../format/inert.ts";

/** What is shown where nobody is signed in; plain, so that no page's first load is cut in more pieces for it. */
export function SignInFailed({ because }: { readonly because: string }): ReactElement {
  return (
    <main className="sign-in-failed">
      <h1>You are not signed in</h1>
      <p>{inertText(because)}</p>
      <a href="/">Sign in</a>
    </main>
  );
}
