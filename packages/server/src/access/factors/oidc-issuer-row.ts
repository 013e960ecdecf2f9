/** Identity providers as the database keeps them and as the API shows them: never with their secret. */
import type { OidcIssuer } from "@hauswart/protocol/api/factors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import type { OidcClient } from "./oidc-client.ts";

export interface OidcIssuerRow {
  provider_id: Id;
  oidc_issuer_id: Id;
  name: string;
  issuer: string;
  client_id: string;
  client_secret: Uint8Array;
  active: boolean;
  creates_accounts: boolean;
  counts_as_second_factor: boolean;
  trusts_emails: boolean;
  created_at: Date;
}

export const oidcIssuerColumns =
  "provider_id, oidc_issuer_id, name, issuer, client_id, client_secret, active, creates_accounts, counts_as_second_factor, trusts_emails, created_at";

/** Where identity providers send people back to: a page of the console. */
const redirectUriOf = ({ settings }: Pick<Services, "settings">) => `${settings.url}/sign-in/oidc`;

export function presentOidcIssuer(services: Pick<Services, "settings">, row: OidcIssuerRow): OidcIssuer {
  return {
    oidcIssuerId: row.oidc_issuer_id,
    name: row.name,
    issuer: row.issuer,
    clientId: row.client_id,
    active: row.active,
    createsAccounts: row.creates_accounts,
    countsAsSecondFactor: row.counts_as_second_factor,
    trustsEmails: row.trusts_emails,
    redirectUri: redirectUriOf(services),
    createdAt: isoTime(row.created_at),
  };
}

/** The place of a client secret in the sealed box. */
const placeOf = (providerId: Id, oidcIssuerId: Id) => ({ table: "oidc_issuer", row: `${providerId}/${oidcIssuerId}` });

export const sealClientSecret = (services: Services, providerId: Id, oidcIssuerId: Id, secret: string): Buffer =>
  services.secrets.seal(Buffer.from(secret, "utf8"), placeOf(providerId, oidcIssuerId));

/** What is needed to speak with the identity provider, the secret opened. */
export function clientOf(services: Services, row: OidcIssuerRow): OidcClient {
  return {
    issuer: row.issuer,
    clientId: row.client_id,
    clientSecret: services.secrets.open(row.client_secret, placeOf(row.provider_id, row.oidc_issuer_id)).toString("utf8"),
    redirectUri: redirectUriOf(services),
    trustsEmails: row.trusts_emails,
  };
}
