const FIRST_SLOTS = 1 << 12;
const HIGH = 2 ** 32;
/** 2^32 divided by the golden ratio: neighbouring numbers end up far from each other. */
const SPREAD = 0x9e3779b1;

/**
 * The row of each phone, in two arrays: a Map keeps every number of this size as an object of its own.
 */
export class PhoneRows {
  /** 0, which is no phone, where the slot is free. */
  private keys = new Float64Array(FIRST_SLOTS);
  private rows = new Int32Array(FIRST_SLOTS);
  private used = 0;

  /** The row of a phone; `undefined` where it has none. Keys are those of `phoneKey`. */
  get(key: number): number | undefined {
    const slot = this.slotOf(key);
    return this.keys[slot] === key ? this.rows[slot] : undefined;
  }

  set(key: number, row: number): void {
    const slot = this.slotOf(key);
    this.rows[slot] = row;
    if (this.keys[slot] === key) return;
    this.keys[slot] = key;
    this.used += 1;
    if (2 * this.used > this.keys.length) this.grow();
  }

  /** Where the phone is, or the free slot where it belongs. */
  private slotOf(key: number): number {
    const { keys } = this;
    const last = keys.length - 1;
    const high = Math.floor(key / HIGH);
    const hash = Math.imul((key - high * HIGH) ^ high, SPREAD);
    let slot = (hash ^ (hash >>> 15)) & last;
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & last;
    return slot;
  }

  private grow(): void {
    const { keys, rows } = this;
    this.keys = new Float64Array(2 * keys.length);
    this.rows = new Int32Array(2 * rows.length);
    for (const [old, key] of keys.entries()) {
      if (key === 0) continue;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.rows[slot] = rows[old] ?? 0;
    }
  }
}
