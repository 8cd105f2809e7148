import { useEffect, useState } from "react";

/** A number that grows in an interval, while the page is to be seen. */
export function useEvery(intervalMs: number): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setRound((before) => before + 1);
    }, intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return round;
}
