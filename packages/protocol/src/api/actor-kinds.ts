/** Kinds of those who act. Without zod, because the console asks it too. */
export const actorKinds = ["technician", "api-key", "agent", "system"] as const;
export type ActorKind = (typeof actorKinds)[number];
