/** A moment in an answer, which each protocol writes its own way: JSON as seconds since the epoch, Query as ISO 8601. */
export class Timestamp {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  toJSON(): number {
    return this.ms / 1_000;
  }

  toString(): string {
    return new Date(this.ms).toISOString();
  }
}
