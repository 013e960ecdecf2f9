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
