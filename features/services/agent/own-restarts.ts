/** Counts how often the system itself restarted a service, from counters that only rise. */

const hourMs = 3_600_000;
/** Counting on would make a new fact of every further restart. */
const countLimit = 10;

export class OwnRestarts {
  readonly #services = new Map<string, { total: number; times: number[] }>();

  /** Takes in the system's counter. What it stood at when it was first seen is history and does not count. */
  note(name: string, total: number, nowMs: number): void {
    const known = this.#services.get(name);
    if (!known) {
      this.#services.set(name, { total, times: [] });
      return;
    }
    // A counter that fell began anew, with the service.
    const restarts = total >= known.total ? total - known.total : total;
    known.total = total;
    known.times = [...known.times, ...Array.from({ length: Math.min(restarts, countLimit) }, () => nowMs)].slice(-countLimit);
  }

  /** Restarts in the last hour, at most 10. */
  count(name: string, nowMs: number): number {
    const known = this.#services.get(name);
    if (!known) return 0;
    known.times = known.times.filter((at) => Math.abs(nowMs - at) < hourMs);
    return known.times.length;
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#services.keys()) if (!names.has(name)) this.#services.delete(name);
  }
}
