/** How far a repair order is. Without zod, because the console asks it too. */
export const repairOrderStates = ["open", "accepted", "done", "declined"] as const;
export type RepairOrderState = (typeof repairOrderStates)[number];

/** Whether it is still to be worked on. While one is, no other can be placed for the same finding. */
export const isOrderRunning = (state: RepairOrderState): boolean => state === "open" || state === "accepted";
