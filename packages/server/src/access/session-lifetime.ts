/** How long a sign-in lasts. A working day of looking at the console must not end it, a forgotten browser must. */

/** A session that nobody used for so long is over. */
export const sessionIdleMs = 12 * 3_600_000;
/** However busy, a session is over after this. */
export const sessionLifeMs = 7 * 24 * 3_600_000;
/** Use is written down at most this often, so that reading costs no write. */
export const useNotedEveryMs = 60_000;
