/** Signing in, API keys, the audit log. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import { AuditFilter, AuditVerification } from "../audit.ts";
import * as m from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

export const accessRoutes = {
  createSession: route({
    name: "createSession",
    method: "POST",
    path: "/sessions",
    scope: "none",
    summary: "Signs in.",
    body: m.NewSession,
    response: m.CreatedSession,
    status: 201,
    errors: ["WRONG_CREDENTIALS", "SECOND_FACTOR_REQUIRED", "TOO_MANY_ATTEMPTS"],
  }),
  getSession: route({
    name: "getSession",
    method: "GET",
    path: "/sessions/current",
    scope: "session",
    summary: "Who is signed in.",
    response: z.object({ account: m.Account.nullable(), apiKey: m.ApiKey.nullable() }),
  }),
  endSession: route({
    name: "endSession",
    method: "DELETE",
    path: "/sessions/current",
    scope: "session",
    summary: "Signs out.",
    status: 204,
  }),
  listApiKeys: route({
    name: "listApiKeys",
    method: "GET",
    path: "/api-keys",
    scope: "access:read",
    summary: "API keys, without the keys themselves.",
    query: PageQuery,
    response: page(m.ApiKey),
  }),
  createApiKey: route({
    name: "createApiKey",
    method: "POST",
    path: "/api-keys",
    scope: "access:write",
    summary: "Makes an API key and shows it once.",
    body: m.NewApiKey,
    response: m.CreatedApiKey,
    status: 201,
  }),
  revokeApiKey: route({
    name: "revokeApiKey",
    method: "DELETE",
    path: "/api-keys/{apiKeyId}",
    scope: "access:write",
    summary: "Ends an API key at once.",
    params: z.object({ apiKeyId: Id }),
    status: 204,
  }),
  listAudit: route({
    name: "listAudit",
    csv: true,
    method: "GET",
    path: "/audit",
    scope: "audit:read",
    summary: "Who did what, newest first.",
    query: PageQuery.extend(AuditFilter.shape),
    response: page(m.AuditEntry),
  }),
  getAuditEntry: route({
    name: "getAuditEntry",
    method: "GET",
    path: "/audit/{auditEntryId}",
    scope: "audit:read",
    summary: "One entry of the audit log.",
    params: z.object({ auditEntryId: Id }),
    response: m.AuditEntry,
  }),
  verifyAudit: route({
    name: "verifyAudit",
    method: "POST",
    path: "/audit/verification",
    scope: "audit:read",
    summary: "Reads the whole audit log again and says whether it is what was written. Only for who may see all customers.",
    response: AuditVerification,
  }),
} as const;
