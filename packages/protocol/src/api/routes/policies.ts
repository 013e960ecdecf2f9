/** Policies: which checks run where, with which settings. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as p from "../policies.ts";
import { PolicyDraft, PolicyPreview } from "../policy-preview.ts";
import { Replay, ReplayRequest } from "../policy-replay.ts";
import { page, PageQuery, route } from "../route.ts";

const policyId = z.object({ policyId: Id });

export const policiesRoutes = {
  listPolicies: route({
    name: "listPolicies",
    method: "GET",
    path: "/policies",
    scope: "policies:read",
    summary: "Policies by name.",
    query: PageQuery,
    response: page(p.Policy),
  }),
  createPolicy: route({
    name: "createPolicy",
    method: "POST",
    path: "/policies",
    scope: "policies:write",
    summary: "Adds a policy.",
    body: p.NewPolicy,
    response: p.Policy,
    status: 201,
  }),
  previewPolicy: route({
    name: "previewPolicy",
    method: "POST",
    path: "/policies/preview",
    scope: "policies:write",
    summary: "What a draft of a policy would change, and which findings would open and close. Saves nothing.",
    body: PolicyDraft,
    response: PolicyPreview,
  }),
  startReplay: route({
    name: "startReplay",
    method: "POST",
    path: "/policies/replays",
    scope: "policies:write",
    summary: "Replays one check of a draft over what is stored. Saves nothing; a replay of the same person that still runs is given up.",
    body: ReplayRequest,
    response: Replay,
    status: 201,
  }),
  getReplay: route({
    name: "getReplay",
    method: "GET",
    path: "/policies/replays/{replayId}",
    scope: "policies:write",
    summary: "How far a replay is, and what came of it. Told to whoever started it, for a day.",
    params: z.object({ replayId: Id }),
    response: Replay,
  }),
  cancelReplay: route({
    name: "cancelReplay",
    method: "DELETE",
    path: "/policies/replays/{replayId}",
    scope: "policies:write",
    summary: "Gives a replay up.",
    params: z.object({ replayId: Id }),
    status: 204,
  }),
  getPolicy: route({
    name: "getPolicy",
    method: "GET",
    path: "/policies/{policyId}",
    scope: "policies:read",
    summary: "One policy.",
    params: policyId,
    response: p.Policy,
  }),
  changePolicy: route({
    name: "changePolicy",
    method: "PATCH",
    path: "/policies/{policyId}",
    scope: "policies:write",
    summary: "Changes a policy; holds at once.",
    params: policyId,
    body: p.PolicyChange,
    response: p.Policy,
    errors: ["CONFLICT"],
  }),
  deletePolicy: route({
    name: "deletePolicy",
    method: "DELETE",
    path: "/policies/{policyId}",
    scope: "policies:write",
    summary: "Removes a policy.",
    params: policyId,
    status: 204,
  }),
} as const;
