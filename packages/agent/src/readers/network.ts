/** The network as collectors ask it: through the door, or not at all. */
import type { NetworkCalls } from "../os/network/calls.ts";
import { OsError, type Os } from "../os/os.ts";

export type * from "../os/network/calls.ts";

/** Throws OsError where nothing can be asked. */
export async function networkOf(os: Os): Promise<NetworkCalls> {
  if (!os.network) throw new OsError("COLLECT_UNSUPPORTED", "this agent cannot ask other computers here", "not-on-this-system: network");
  return os.network();
}
