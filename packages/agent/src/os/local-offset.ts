/** By how much a computer's local time is ahead of UTC at a moment of Unix time. Both in milliseconds. */
export type LocalOffset = (atMs: number) => number;

/** As the runtime knows it: with all that it has on time zones, which takes some 3.7 MB once it is asked (decision 0011). */
export const runtimeOffset: LocalOffset = (atMs) => 0 - new Date(atMs).getTimezoneOffset() * 60_000;
