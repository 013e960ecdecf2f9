/** Devices and what is measured on them. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as m from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

const deviceId = z.object({ deviceId: Id });

export const devicesRoutes = {
  listDevices: route({
    name: "listDevices",
    csv: true,
    method: "GET",
    path: "/devices",
    scope: "devices:read",
    summary: "Devices by name, without those that were removed unless they are asked for.",
    query: PageQuery.extend({
      customerId: Id.optional(),
      siteId: Id.optional(),
      state: m.CheckState.optional(),
      tag: z.string().max(50).optional(),
      search: z
        .string()
        .max(200)
        .optional()
        .describe("Words that each stand in the name, the hostname, a tag, or the name of the customer or site."),
      show: z
        .enum(["not-measured", "unknown-checks", "open-findings", "removed"])
        .optional()
        .describe(
          "not-measured: no check has fresh evidence. unknown-checks: at least one check is unknown, or none is measured. open-findings: somebody has to look. removed: those that were revoked, which no other choice contains.",
        ),
      sort: z
        .enum(["name", "-name", "state", "-state", "customer", "-customer", "presence", "-presence"])
        .default("name")
        .describe(
          "state: the worst first. presence: the longest away first, those that never were here before them. With a minus the other way round; then by name.",
        ),
    }),
    response: page(m.Device).extend({ total: z.int().describe("Devices that fit the filter, over all pages.") }),
  }),
  createDevice: route({
    name: "createDevice",
    method: "POST",
    path: "/devices",
    scope: "devices:write",
    summary: "Adds a device without an agent, which the server measures from where it stands.",
    body: m.NewDevice,
    response: m.Device,
    status: 201,
  }),
  getDevice: route({
    name: "getDevice",
    method: "GET",
    path: "/devices/{deviceId}",
    scope: "devices:read",
    summary: "One device.",
    params: deviceId,
    response: m.Device,
  }),
  changeDevice: route({
    name: "changeDevice",
    method: "PATCH",
    path: "/devices/{deviceId}",
    scope: "devices:write",
    summary: "Renames, tags or moves a device within its customer.",
    params: deviceId,
    body: m.DeviceChange,
    response: m.Device,
  }),
  revokeDevice: route({
    name: "revokeDevice",
    method: "POST",
    path: "/devices/{deviceId}/revoke",
    scope: "devices:write",
    summary: "Ends the device's key; its history stays.",
    params: deviceId,
    body: z.object({ removeAgent: z.boolean().optional().describe("The agent removes itself from the computer (no).") }).optional(),
    status: 204,
  }),
  measureDevice: route({
    name: "measureDevice",
    method: "POST",
    path: "/devices/{deviceId}/measure",
    scope: "devices:write",
    summary: "Asks the agent to measure now.",
    params: deviceId,
    body: z.object({ checks: z.array(z.int()).max(500).optional() }).optional(),
    response: z.object({ delivered: z.boolean() }),
  }),
  listDeviceChecks: route({
    name: "listDeviceChecks",
    method: "GET",
    path: "/devices/{deviceId}/checks",
    scope: "devices:read",
    summary: "Checks of a device: state, evidence and its age, effective settings and where they come from.",
    params: deviceId,
    query: PageQuery,
    response: page(m.DeviceCheck),
  }),
  getSeries: route({
    name: "getSeries",
    method: "GET",
    path: "/devices/{deviceId}/checks/{number}/series",
    scope: "devices:read",
    summary: "Values over time.",
    params: deviceId.extend({ number: z.coerce.number().int().min(0) }),
    query: z.object({ from: m.Timestamp, to: m.Timestamp, field: z.string().max(64).optional(), subject: z.string().max(512).optional() }),
    response: m.Series,
  }),
  listDeviceTimeline: route({
    name: "listDeviceTimeline",
    method: "GET",
    path: "/devices/{deviceId}/timeline",
    scope: "devices:read",
    summary: "What happened to a device, newest first.",
    params: deviceId,
    query: PageQuery,
    response: page(z.object({ at: m.Timestamp, kind: z.string(), text: z.string(), detail: z.record(z.string(), z.unknown()) })),
  }),
} as const;
