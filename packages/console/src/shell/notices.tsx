import type { FlashbarProps } from "@cloudscape-design/components/flashbar";
import {
  createContext,
  lazy,
  type ReactElement,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useState,
} from "react";

/** Loaded with the first notice: most visits have none. */
const Flashbar = lazy(() => import("@cloudscape-design/components/flashbar"));

type Tell = (type: "error" | "info" | "success" | "warning", header: string, content?: string) => void;

interface Notices {
  readonly tell: Tell;
  readonly items: readonly FlashbarProps.MessageDefinition[];
}

const Context = createContext<Notices>({ tell: () => undefined, items: [] });

/** The most notices that are shown at once. */
const MOST_SHOWN = 3;

let told = 0;

/** Keeps what a person is told of what they did. */
export function NoticesProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [items, setItems] = useState<readonly FlashbarProps.MessageDefinition[]>([]);
  const tell: Tell = useCallback((type, header, content) => {
    told += 1;
    const id = String(told);
    const onDismiss = (): void => setItems((before) => before.filter((each) => each.id !== id));
    const item = { id, type, header, content, dismissible: true, dismissLabel: "Dismiss", onDismiss };
    setItems((before) => [item, ...before].slice(0, MOST_SHOWN));
  }, []);
  const notices = useMemo(() => ({ tell, items }), [tell, items]);
  return <Context.Provider value={notices}>{children}</Context.Provider>;
}

/** Tells the person what has become of what they did. */
export function useTell(): Tell {
  return useContext(Context).tell;
}

/** The notices that are to be seen. */
export function NoticeBar(): ReactElement | null {
  const { items } = useContext(Context);
  if (items.length === 0) return null;
  return (
    <Suspense>
      <Flashbar items={items} />
    </Suspense>
  );
}
