/** The part of the platform's AbortSignal that core reads; core compiles without the platform's own types. */
interface AbortSignal {
  readonly aborted: boolean;
}
