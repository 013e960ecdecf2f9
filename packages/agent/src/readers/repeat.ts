/**
 * Looks again and again, for values that have to be averaged. All looks of one pace happen in one go: what costs a computer is
 * being woken, not the looking.
 */
import type { Watcher } from "../collector.ts";

interface Pace {
  readonly looks: Set<() => Promise<void>>;
  readonly timer: ReturnType<typeof setInterval>;
}

const paces = new Map<number, Pace>();

/**
 * @param look called at once and then every `everyMs`. One that takes longer than the pause is waited for, not doubled. What it
 * throws is not lost: the next measurement reads the same source and reports it.
 */
export function repeatedly(everyMs: number, look: () => Promise<void>): Watcher {
  let busy = false;
  const once = async () => {
    if (busy) return;
    busy = true;
    try {
      await look();
    } catch {
      // See above: a watcher has nobody to tell.
    } finally {
      busy = false;
    }
  };
  const pace = paces.get(everyMs) ?? startPace(everyMs);
  pace.looks.add(once);
  void once();
  return {
    stop() {
      if (!pace.looks.delete(once) || pace.looks.size > 0) return;
      clearInterval(pace.timer);
      paces.delete(everyMs);
    },
  };
}

function startPace(everyMs: number): Pace {
  const looks = new Set<() => Promise<void>>();
  const pace = { looks, timer: setInterval(() => looks.forEach((look) => void look()), everyMs) };
  paces.set(everyMs, pace);
  return pace;
}

/** Readings this close to each other are one: looks and measurements of several instances that fall together. */
const sameMomentMs = 5;

/** A reading that everybody who asks at the same moment shares, failures too. `key` is what it is read from. */
export function sharedReading<Key extends object, Reading>(read: (key: Key) => Promise<Reading>): (key: Key) => Promise<Reading> {
  const latest = new WeakMap<Key, { readonly atMs: number; readonly reading: Promise<Reading> }>();
  return (key) => {
    const known = latest.get(key);
    if (known && performance.now() - known.atMs < sameMomentMs) return known.reading;
    const reading = read(key);
    latest.set(key, { atMs: performance.now(), reading });
    return reading;
  };
}
