/**
 * What whoever starts the server's process puts into its environment, because the runtime reads it before any code runs. Who
 * starts it: `npm start`, the service's unit, tests and benchmarks.
 *
 * The runtime's allocator (mimalloc) hands freed memory back to the system after 10 ms and faults it in again for the next
 * commit, which is as large. Five seconds keep it through a busy time: 14 % less processor time for a value
 * taken in, and as much memory at rest (docs/performance.md).
 */
export const serverEnvironment = { MIMALLOC_PURGE_DELAY: "5000" } as const;
