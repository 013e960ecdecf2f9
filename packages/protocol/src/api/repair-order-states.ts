/** How far a repair order is. Without zod, because the console asks it too. */
export const repairOrderStates = ["open", "accepted", "done", "declined"] as const;
export type RepairOrderState = (typeof repairOrderStates)[number];
