/** Through what a policy reaches a device, and which policy gave a setting its value. */
export type Level = "provider" | "customer" | "site" | "tag" | "device";

/** Where a value comes from; the check's own default when there is no policy. */
export type Source = { readonly scope: "default" } | { readonly scope: Level; readonly scopeId: string; readonly policyId: string };

export const defaultSource: Source = { scope: "default" };
