/** What the double's ids are called. */
import type { Names } from "./judging.ts";
import type { World } from "./world.ts";

/** Names of policies and of what they are assigned to, as the world has them at the moment of the question. */
export function namesOf(world: World): Names {
  const named: Record<string, (id: string) => string | undefined> = {
    customer: (id) => world.customers.find(({ customerId }) => customerId === id)?.name,
    site: (id) => world.sites.find(({ siteId }) => siteId === id)?.name,
    device: (id) => world.devices.find(({ device }) => device.deviceId === id)?.device.name,
    tag: (id) => id,
  };
  return {
    policyName: (id) => world.policies.find(({ policyId }) => policyId === id)?.name ?? "",
    scopeName: (scope, id) => named[scope]?.(id) ?? "",
  };
}
