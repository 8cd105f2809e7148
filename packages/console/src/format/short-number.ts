const SHORT = Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `12`, `1.2K`, `3M` */
export function shortNumber(value: number): string {
  return SHORT.format(value);
}
