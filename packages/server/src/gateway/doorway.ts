/**
 * How many may stand in the door: connections that have not said who they are. Each costs memory until its time is over, and anybody can
 * open one.
 */
import { networkOf } from "../access/lock-out.ts";
import type { AgentLink } from "./agent-link.ts";

/** Of one network, an address or one subscriber's IPv6: a site of so many computers comes back at once after its line was cut. */
const mostOfNetwork = 1_000;
/** Of all: what a restart brings within seconds. */
const mostOfAll = 10_000;

export class Doorway {
  private readonly byNetwork = new Map<string, number>();
  private count = 0;

  /** Takes a link in that anybody may have opened. @returns whether there is room */
  enter(link: AgentLink): boolean {
    const network = networkOf(link.address);
    const own = this.byNetwork.get(network) ?? 0;
    if (own >= mostOfNetwork || this.count >= mostOfAll) return false;
    this.byNetwork.set(network, own + 1);
    this.count++;
    link.isAtDoor = true;
    return true;
  }

  /** It has said who it is, or has gone; nothing happens when it did so before. */
  leave(link: AgentLink): void {
    if (!link.isAtDoor) return;
    link.isAtDoor = false;
    const network = networkOf(link.address);
    const own = this.byNetwork.get(network)!;
    if (own > 1) this.byNetwork.set(network, own - 1);
    else this.byNetwork.delete(network);
    this.count--;
  }
}
