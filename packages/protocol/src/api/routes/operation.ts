/** What the server says about itself. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as m from "../models.ts";
import { page, route } from "../route.ts";

export const operationRoutes = {
  getHealth: route({
    name: "getHealth",
    method: "GET",
    path: "/health",
    scope: "none",
    summary: "Whether the server lives and can reach its database.",
    response: m.Health,
  }),
  getReadiness: route({
    name: "getReadiness",
    method: "GET",
    path: "/ready",
    scope: "none",
    summary: "200 when the server takes agents and requests, else 503.",
    response: m.Health,
    errors: ["NOT_READY"],
  }),
  getOpenApi: route({
    name: "getOpenApi",
    method: "GET",
    path: "/openapi.json",
    scope: "none",
    summary: "This description.",
    response: z.record(z.string(), z.unknown()),
  }),
  getOverview: route({
    name: "getOverview",
    method: "GET",
    path: "/overview",
    scope: "devices:read",
    summary: "What is broken, what is not known, what changed. Needs the right `findings:read` as well.",
    query: z.object({ since: m.Timestamp.optional(), customerId: Id.optional() }),
    response: m.Overview,
  }),
  streamEvents: route({
    name: "streamEvents",
    method: "GET",
    path: "/events",
    scope: "devices:read",
    summary: "Server-sent events: what changed, without content.",
    produces: "text/event-stream",
  }),
  listChecks: route({
    name: "listChecks",
    method: "GET",
    path: "/checks",
    scope: "session",
    summary: "Every check that this server knows, with its settings.",
    response: page(m.CheckReference),
  }),
  getSettings: route({
    name: "getSettings",
    method: "GET",
    path: "/settings",
    scope: "settings:read",
    summary: "The provider's settings.",
    response: m.ProviderSettings,
  }),
  changeSettings: route({
    name: "changeSettings",
    method: "PATCH",
    path: "/settings",
    scope: "settings:write",
    summary: "Changes settings.",
    body: m.ProviderSettings.partial(),
    response: m.ProviderSettings,
  }),
} as const;
