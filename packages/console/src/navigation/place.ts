import { useMemo, useSyncExternalStore } from "react";

/** Where a person is: each place has an address that can be shared. */
export interface Place {
  /** The parts of the path, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const MOVED = "reliq-moved";

/** Goes to a place of the console; with `replace` the place before is not gone back to. */
export function go(href: string, replace = false): void {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  dispatchEvent(new Event(MOVED));
  if (!replace) scrollTo(0, 0);
}

/** Follows a link of Cloudscape within the page. */
export function follow(event: {
  readonly detail: { readonly href?: string | undefined; readonly external?: boolean | undefined };
  preventDefault(): void;
}): void {
  const { href, external } = event.detail;
  if (href === undefined || external) return;
  event.preventDefault();
  go(href);
}

/** Where the person is. */
export function usePlace(): Place {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => {
    const [path = "/", search = ""] = href.split("?");
    return {
      path: path
        .split("/")
        .filter((part) => part !== "")
        .map(decodeURIComponent),
      query: new URLSearchParams(search),
    };
  }, [href]);
}

/** An address: its parts and what of the query is there. */
export function hrefOf(
  path: readonly string[],
  query: Readonly<Record<string, number | string | undefined>> = {},
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  return `/${path.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`;
}

function subscribe(moved: () => void): () => void {
  addEventListener("popstate", moved);
  addEventListener(MOVED, moved);
  return () => {
    removeEventListener("popstate", moved);
    removeEventListener(MOVED, moved);
  };
}
