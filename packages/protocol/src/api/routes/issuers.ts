/** Identity providers, signing in there, and the owner's way in when everything else fails. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as f from "../factors.ts";
import { CreatedSession } from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

const oidcIssuerId = z.object({ oidcIssuerId: Id });

export const issuersRoutes = {
  listSignInWays: route({
    name: "listSignInWays",
    method: "GET",
    path: "/sign-in-ways",
    scope: "none",
    summary: "What the page for signing in can offer.",
    response: f.SignInWays,
  }),
  beginOidcSignIn: route({
    name: "beginOidcSignIn",
    method: "POST",
    path: "/sessions/oidc/options",
    scope: "none",
    summary: "Begins to sign in at an identity provider.",
    body: f.OidcSignIn,
    response: f.OidcSignInBegun,
    status: 201,
    errors: ["NOT_FOUND", "IDENTITY_PROVIDER_FAILED", "TOO_MANY_ATTEMPTS"],
  }),
  createSessionWithOidc: route({
    name: "createSessionWithOidc",
    method: "POST",
    path: "/sessions/oidc",
    scope: "none",
    summary: "Signs in with the identity provider's answer.",
    body: f.OidcAnswer,
    response: CreatedSession,
    status: 201,
    errors: ["CHALLENGE_INVALID", "IDENTITY_PROVIDER_FAILED", "ACCOUNT_NOT_LINKED", "SECOND_FACTOR_REQUIRED", "TOO_MANY_ATTEMPTS"],
  }),
  createSessionWithBreakGlass: route({
    name: "createSessionWithBreakGlass",
    method: "POST",
    path: "/sessions/break-glass",
    scope: "none",
    summary: "Signs an owner in with the code that was printed on the server's own computer. All owners are told.",
    body: f.BreakGlassSignIn,
    response: CreatedSession,
    status: 201,
    errors: ["FACTOR_REFUSED", "TOO_MANY_ATTEMPTS"],
  }),
  listOidcIssuers: route({
    name: "listOidcIssuers",
    method: "GET",
    path: "/oidc-issuers",
    scope: "settings:read",
    summary: "Identity providers at which people sign in.",
    query: PageQuery,
    response: page(f.OidcIssuer),
  }),
  createOidcIssuer: route({
    name: "createOidcIssuer",
    method: "POST",
    path: "/oidc-issuers",
    scope: "settings:write",
    summary: "Adds an identity provider; only owners do. It is asked for its description at once.",
    body: f.NewOidcIssuer,
    response: f.OidcIssuer,
    status: 201,
    errors: ["CONFLICT", "IDENTITY_PROVIDER_FAILED"],
  }),
  changeOidcIssuer: route({
    name: "changeOidcIssuer",
    method: "PATCH",
    path: "/oidc-issuers/{oidcIssuerId}",
    scope: "settings:write",
    summary: "Changes an identity provider; only owners do.",
    params: oidcIssuerId,
    body: f.OidcIssuerChange,
    response: f.OidcIssuer,
    errors: ["CONFLICT"],
  }),
  deleteOidcIssuer: route({
    name: "deleteOidcIssuer",
    method: "DELETE",
    path: "/oidc-issuers/{oidcIssuerId}",
    scope: "settings:write",
    summary: "Takes an identity provider away; accounts stay.",
    params: oidcIssuerId,
    status: 204,
  }),
} as const;
