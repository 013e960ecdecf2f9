/**
 * Ends the process when its main loop does not answer, so that the service manager starts it anew. A thread of its own waits for the
 * main loop's beats; it runs on whatever the main loop does. Its clock stands still while the computer sleeps.
 *
 * For systems whose service manager does not watch: it takes 6 MB of the agent (docs/decisions/0017-agent-updates.md).
 */

/** The main loop beats so often. */
const beatMs = 10_000;
/** The thread looks so often; this many looks without a beat in between are a hang. */
const looks = 6;

export interface Watchdog {
  /** Says by hand that the main loop lives; it does so by itself as well. */
  beat(): void;
  stop(): void;
}

/** Written out, because the loader is one program and a worker of its own file would be a second one. */
const source = `
  const { appendFileSync, writeFileSync } = require("node:fs");
  self.onmessage = ({ data: { beats, lookMs, looks, processId, note } }) => {
    let seen = -1, missed = 0;
    for (;;) {
      Atomics.wait(beats, 1, 0, lookMs);
      if (Atomics.load(beats, 1) !== 0) return;
      const now = Atomics.load(beats, 0);
      missed = now === seen ? missed + 1 : 0;
      seen = now;
      if (missed < looks) continue;
      try { writeFileSync(note, JSON.stringify({ reason: "hung", atMs: Date.now() }), { mode: 0o600 }); } catch {}
      process.kill(processId, "SIGKILL");
    }
  };`;

/**
 * Begins to watch this process.
 * @param noteFile where the reason is written before the end
 */
export function startWatchdog(noteFile: string, limitSeconds: number): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(8));
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { ref: false, smol: true });
  worker.postMessage({ beats, lookMs: (limitSeconds * 1_000) / looks, looks, processId: process.pid, note: noteFile });
  const beat = () => void Atomics.add(beats, 0, 1);
  const timer = setInterval(beat, Math.min(beatMs, (limitSeconds * 1_000) / looks / 2));
  timer.unref();
  return {
    beat,
    stop() {
      clearInterval(timer);
      Atomics.store(beats, 1, 1);
      Atomics.notify(beats, 1);
    },
  };
}
