import { applyMode, Mode } from "@cloudscape-design/global-styles";

/** How the console looks. */
export type Theme = "dark" | "light";

const CHOSEN = "reliq-theme";

/** What the person has chosen, or what their system says. */
export function currentTheme(): Theme {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen === "dark" || chosen === "light") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Shows the console so, and remembers it where it is chosen. */
export function applyTheme(chosen?: Theme): void {
  if (chosen) localStorage.setItem(CHOSEN, chosen);
  applyMode(currentTheme() === "dark" ? Mode.Dark : Mode.Light);
}
