import { useEffect } from "react";

/** Says in the browser's tab which page this is. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} - Reliq`;
  }, [title]);
}
