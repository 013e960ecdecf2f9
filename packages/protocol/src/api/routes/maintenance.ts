/** Maintenance windows. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import { MaintenanceWindow, MaintenanceWindowChange, NewMaintenanceWindow } from "../maintenance.ts";
import { MaintenanceScope } from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

const maintenanceWindowId = z.object({ maintenanceWindowId: Id });

export const maintenanceRoutes = {
  listMaintenanceWindows: route({
    name: "listMaintenanceWindows",
    method: "GET",
    path: "/maintenance-windows",
    scope: "findings:read",
    summary: "Maintenance windows, the newest first.",
    query: PageQuery.extend({
      customerId: Id.optional().describe("Of this customer, and those of the provider that reach it."),
      scope: MaintenanceScope.optional(),
      scopeId: z.string().max(64).optional(),
      state: z.enum(["current", "over", "all"]).default("current").describe("current: open or still to come."),
    }),
    response: page(MaintenanceWindow),
  }),
  createMaintenanceWindow: route({
    name: "createMaintenanceWindow",
    method: "POST",
    path: "/maintenance-windows",
    scope: "findings:write",
    summary: "Begins maintenance now, or plans it, once or repeating.",
    body: NewMaintenanceWindow,
    response: MaintenanceWindow,
    status: 201,
  }),
  changeMaintenanceWindow: route({
    name: "changeMaintenanceWindow",
    method: "PATCH",
    path: "/maintenance-windows/{maintenanceWindowId}",
    scope: "findings:write",
    summary: "Changes a maintenance window.",
    params: maintenanceWindowId,
    body: MaintenanceWindowChange,
    response: MaintenanceWindow,
    errors: ["CONFLICT"],
  }),
  endMaintenance: route({
    name: "endMaintenance",
    method: "POST",
    path: "/maintenance-windows/{maintenanceWindowId}/end",
    scope: "findings:write",
    summary: "Ends the occurrence that is under way; later ones stay planned.",
    params: maintenanceWindowId,
    response: MaintenanceWindow,
    errors: ["CONFLICT"],
  }),
  cancelMaintenanceWindow: route({
    name: "cancelMaintenanceWindow",
    method: "DELETE",
    path: "/maintenance-windows/{maintenanceWindowId}",
    scope: "findings:write",
    summary: "Ends what is under way and plans nothing any more; what it suppressed stays listed.",
    params: maintenanceWindowId,
    status: 204,
  }),
} as const;
