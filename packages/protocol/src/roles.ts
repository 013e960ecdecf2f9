/** What an account may do: its role, and the rights that come with each role. Without zod, because the console asks it too. */

/** Everything that can be granted, to a role or to an API key. */
export const grantableScopes = [
  "devices:read",
  "devices:write",
  "findings:read",
  "findings:write",
  "customers:read",
  "customers:write",
  "policies:read",
  "policies:write",
  "settings:read",
  "settings:write",
  "audit:read",
  "mail:read",
  "mail:write",
  "access:read",
  "access:write",
] as const;

type Scope = (typeof grantableScopes)[number];

/** Mightiest first. */
export const roles = ["owner", "administrator", "technician", "read-only"] as const;
export type Role = (typeof roles)[number];

/**
 * The rights of each role. Owner and administrator have the same; but only an owner makes, changes and removes owners.
 * Whoever is restricted to some customers has these rights there, and none over what concerns the whole provider.
 */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  owner: grantableScopes,
  administrator: grantableScopes,
  technician: [
    "devices:read",
    "devices:write",
    "findings:read",
    "findings:write",
    "customers:read",
    "customers:write",
    "policies:read",
    "policies:write",
    "settings:read",
    "audit:read",
    "mail:read",
    "mail:write",
  ],
  "read-only": ["devices:read", "findings:read", "customers:read", "policies:read", "settings:read", "audit:read", "mail:read"],
};
