/** Policies: which checks run where, with which settings. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as m from "../models.ts";
import { PolicyDraft, PolicyPreview } from "../policy-preview.ts";
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
    response: page(m.Policy),
  }),
  createPolicy: route({
    name: "createPolicy",
    method: "POST",
    path: "/policies",
    scope: "policies:write",
    summary: "Adds a policy.",
    body: m.NewPolicy,
    response: m.Policy,
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
  getPolicy: route({
    name: "getPolicy",
    method: "GET",
    path: "/policies/{policyId}",
    scope: "policies:read",
    summary: "One policy.",
    params: policyId,
    response: m.Policy,
  }),
  changePolicy: route({
    name: "changePolicy",
    method: "PATCH",
    path: "/policies/{policyId}",
    scope: "policies:write",
    summary: "Changes a policy; holds at once.",
    params: policyId,
    body: m.PolicyChange,
    response: m.Policy,
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
