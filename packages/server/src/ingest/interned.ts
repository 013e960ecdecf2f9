/**
 * Keeps one copy of equal things. Thousands of devices run the same checks with the same settings; each distinct set exists
 * once in memory for as long as somebody uses it.
 */
export class Interned<Value extends object> {
  private readonly known = new Map<string, WeakRef<Value>>();
  private sweepAtSize = 1_000;

  /** The value of this key, if somebody holds it. */
  find(key: string): Value | undefined {
    return this.known.get(key)?.deref();
  }

  /** The value of this key; made when nobody holds one. Equal keys must mean equal values. */
  get(key: string, make: () => Value): Value {
    const found = this.find(key);
    if (found) return found;
    const made = make();
    this.known.set(key, new WeakRef(made));
    if (this.known.size >= this.sweepAtSize) this.sweep();
    return made;
  }

  /** Distinct keys held, those whose value is gone perhaps among them. */
  get size(): number {
    return this.known.size;
  }

  private sweep(): void {
    for (const [key, reference] of this.known) if (!reference.deref()) this.known.delete(key);
    this.sweepAtSize = Math.max(1_000, this.known.size * 2);
  }
}
