/** Releases of the agent, how far they have gone, and who gets them first. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as r from "../agent-releases.ts";
import { route } from "../route.ts";

export const agentReleasesRoutes = {
  listAgentReleases: route({
    name: "listAgentReleases",
    method: "GET",
    path: "/agent-releases",
    scope: "settings:read",
    summary: "Releases of the agent that this server offers, how far each has gone, and how many devices run which version.",
    response: r.AgentReleases,
  }),
  createAgentRelease: route({
    name: "createAgentRelease",
    method: "POST",
    path: "/agent-releases",
    scope: "settings:write",
    summary: "Begins to upload a release: its signed manifest (release.json). The files follow in parts; with the last one it is offered.",
    body: z.object({ envelope: z.string().min(2).max(32_768).describe("The text of release.json.") }),
    response: z.object({ version: z.string(), files: z.array(r.IncomingFile) }),
    status: 201,
    errors: ["CONFLICT"],
  }),
  addAgentReleasePart: route({
    name: "addAgentReleasePart",
    method: "POST",
    path: "/agent-releases/{version}/files/{sha256}",
    scope: "settings:write",
    summary: "Adds a part of a file to a release that is being uploaded, where the file ends so far.",
    params: z.object({
      version: z
        .string()
        .max(40)
        .regex(/^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]*)?$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    body: z.object({
      offset: z.int().min(0).describe("Where the part begins, bytes."),
      data: z.base64().min(4).max(700_000).describe("At most 512 KiB, base64."),
    }),
    response: z.object({ isOffered: z.boolean(), files: z.array(r.IncomingFile) }),
  }),
  changeAgentRollout: route({
    name: "changeAgentRollout",
    method: "POST",
    path: "/agent-releases/{version}/rollout",
    scope: "settings:write",
    summary:
      "Pauses the rollout of a release, resumes one that was paused or halted, or lets it go on to the next ring. Failures until then are taken as seen.",
    params: z.object({ version: z.string().max(40) }),
    body: z.object({ action: z.enum(["pause", "resume", "advance"]) }),
    response: r.AgentRollout,
    errors: ["CONFLICT"],
  }),
  getDeviceUpdate: route({
    name: "getDeviceUpdate",
    method: "GET",
    path: "/devices/{deviceId}/update",
    scope: "devices:read",
    summary: "How the agent of a device stands with its updates.",
    params: z.object({ deviceId: Id }),
    response: r.DeviceUpdate,
  }),
  listUpdateRings: route({
    name: "listUpdateRings",
    method: "GET",
    path: "/update-rings",
    scope: "devices:read",
    summary: "Rings that were chosen for a customer, and for its sites and devices.",
    query: z.object({ customerId: Id }),
    response: z.object({
      items: z.array(z.object({ kind: z.enum(["customer", "site", "device"]), subjectId: Id, ring: r.UpdateRing })),
    }),
  }),
  setUpdateRing: route({
    name: "setUpdateRing",
    method: "PUT",
    path: "/update-rings/{kind}/{subjectId}",
    scope: "devices:write",
    summary:
      "Chooses when a device, or all devices of a site or customer, get new releases of the agent; null leaves it to what stands above.",
    params: z.object({ kind: z.enum(["customer", "site", "device"]), subjectId: Id }),
    body: z.object({ ring: r.UpdateRing.nullable() }),
    response: z.object({ ring: r.UpdateRing.nullable() }),
  }),
} as const;
