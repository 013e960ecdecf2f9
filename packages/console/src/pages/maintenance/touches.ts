import type { RouteName } from "@hauswart/protocol/api/routes.ts";

/** Answers that speak of maintenance. */
export const maintenanceTouches = [
  "listMaintenanceWindows",
  "getDevice",
  "listDevices",
  "listSites",
  "listFindings",
] as const satisfies readonly RouteName[];
