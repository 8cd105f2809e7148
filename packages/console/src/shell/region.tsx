import Alert from "@cloudscape-design/components/alert";
import Spinner from "@cloudscape-design/components/spinner";
import { ROLES, type Role } from "@reliq/core/recovery";
import { createContext, type ReactElement, type ReactNode, useContext } from "react";
import { connection } from "../api/connection.ts";
import { useAnswer } from "../api/use-answer.ts";
import type { RegionFacts } from "../contract/region.ts";

const Context = createContext<RegionFacts | undefined>(undefined);

/** Reads where the console is, before any page is shown. */
export function RegionProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const { value, error } = useAnswer("region", (signal) => connection().region(signal));
  if (value) return <Context.Provider value={value}>{children}</Context.Provider>;
  if (!error) return <Spinner size="large" />;
  return (
    <Alert type="error" header="The region does not answer">
      {error.message}
    </Alert>
  );
}

/** Where the console is, and who looks at it. */
export function useRegion(): RegionFacts {
  const facts = useContext(Context);
  if (!facts) throw new Error("useRegion() is for what stands in a RegionProvider.");
  return facts;
}

/** Whether the person may do what a role is needed for; the API decides, this only says it before. */
export function useMay(needed: Role): boolean {
  return ROLES.indexOf(useRegion().role) >= ROLES.indexOf(needed);
}
