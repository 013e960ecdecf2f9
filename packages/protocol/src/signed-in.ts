/** Who is signed in at a computer: what agents, server and console say of it. */

/** By which way somebody is signed in. */
export const signedInWays = ["screen", "remote-desktop", "ssh", "text-console", "other"] as const;
/** How a session stands. `disconnected`: of a remote desktop or a switched user, who is signed in and looks at no screen. */
export const signedInStates = ["active", "idle", "locked", "disconnected"] as const;
/** So many sessions are named; of the others there is a number. */
export const signedInLimit = 50;
