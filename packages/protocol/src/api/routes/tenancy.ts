/** Customers, their sites, and tokens for enrolling devices. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as m from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

const customerId = z.object({ customerId: Id });

export const tenancyRoutes = {
  listCustomers: route({
    name: "listCustomers",
    method: "GET",
    path: "/customers",
    scope: "customers:read",
    summary: "Customers by name.",
    query: PageQuery,
    response: page(m.Customer),
  }),
  createCustomer: route({
    name: "createCustomer",
    method: "POST",
    path: "/customers",
    scope: "customers:write",
    summary: "Adds a customer.",
    body: m.NewCustomer,
    response: m.Customer,
    status: 201,
    errors: ["CONFLICT"],
  }),
  getCustomer: route({
    name: "getCustomer",
    method: "GET",
    path: "/customers/{customerId}",
    scope: "customers:read",
    summary: "One customer.",
    params: customerId,
    response: m.Customer,
  }),
  changeCustomer: route({
    name: "changeCustomer",
    method: "PATCH",
    path: "/customers/{customerId}",
    scope: "customers:write",
    summary: "Changes a customer.",
    params: customerId,
    body: m.CustomerChange,
    response: m.Customer,
    errors: ["CONFLICT"],
  }),
  listSites: route({
    name: "listSites",
    method: "GET",
    path: "/sites",
    scope: "customers:read",
    summary: "Sites by name.",
    query: PageQuery.extend({ customerId: Id.optional() }),
    response: page(m.Site),
  }),
  createSite: route({
    name: "createSite",
    method: "POST",
    path: "/sites",
    scope: "customers:write",
    summary: "Adds a site.",
    body: m.NewSite,
    response: m.Site,
    status: 201,
    errors: ["CONFLICT"],
  }),
  listEnrolmentTokens: route({
    name: "listEnrolmentTokens",
    method: "GET",
    path: "/enrolment-tokens",
    scope: "devices:write",
    summary: "Tokens that can still be used.",
    query: PageQuery.extend({ siteId: Id.optional() }),
    response: page(m.EnrolmentToken),
  }),
  createEnrolmentToken: route({
    name: "createEnrolmentToken",
    method: "POST",
    path: "/enrolment-tokens",
    scope: "devices:write",
    summary: "Makes a token for enrolling devices of one site, and the command that uses it.",
    body: m.NewEnrolmentToken,
    response: m.CreatedEnrolmentToken,
    status: 201,
  }),
  revokeEnrolmentToken: route({
    name: "revokeEnrolmentToken",
    method: "DELETE",
    path: "/enrolment-tokens/{enrolmentTokenId}",
    scope: "devices:write",
    summary: "Ends a token.",
    params: z.object({ enrolmentTokenId: Id }),
    status: 204,
  }),
} as const;
