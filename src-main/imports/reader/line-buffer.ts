const FIRST_BYTES = 2 * 1024 ** 2;
/** UTF-8 needs at most three bytes for what is one character to JavaScript. */
const BYTES_A_CHARACTER = 3;

/** Gathers lines as bytes: as text, thousands of them would be moved about by each garbage collection. */
export class LineBuffer {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;

  add(line: string): void {
    const needed = this.used + line.length * BYTES_A_CHARACTER;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * needed);
      this.bytes.copy(larger, 0, 0, this.used);
      this.bytes = larger;
    }
    this.used += this.bytes.write(line, this.used, 'utf8');
  }

  /** What was gathered, in memory of its own that can be handed over to another thread; begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.bytes.subarray(0, this.used));
    this.used = 0;
    return taken;
  }
}
