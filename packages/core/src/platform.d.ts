/** The parts of the platform that core uses, a signal and the reading of base64; core compiles without the platform's own types. */
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
declare function atob(text: string): string;
