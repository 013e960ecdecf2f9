/** Devices without an agent that the server measures itself: which they are, and who measures them. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { AgentGateway } from "../gateway/agent-gateway.ts";
import { repeat } from "../jobs/repeat.ts";
import type { Services } from "../services.ts";
import { version } from "../version.ts";
import { outsideRule } from "./address-rule.ts";

/** What measures. The entry hands it in (main.ts): the server itself knows no collectors. */
export interface OutsideView {
  watch(deviceIds: readonly Id[]): void;
  stop(): Promise<void>;
}

export interface OutsideNeeds {
  /** Raw public key of this server, base64. */
  readonly serverPublicKey: string;
  readonly version: string;
  /** Ids of the checks that declare `fromServer`. */
  readonly checks: ReadonlySet<string>;
  readonly mayConnectTo: (address: string) => boolean;
  readonly openSocket: AgentGateway["openOwn"];
  readonly log: Services["log"];
}

export type OpenOutsideView = (needs: OutsideNeeds) => Promise<OutsideView>;

/** How often it is looked whether there are other devices; whoever adds or removes one says so at once. */
const lookEveryMs = 30_000;

/** Measures until it is stopped. */
export async function startOutsideView(
  services: Services,
  gateway: AgentGateway,
  open: OpenOutsideView,
): Promise<{ stop(): Promise<void> }> {
  const { identity, settings, bus, log } = services;
  const view = await open({
    serverPublicKey: identity.publicKey,
    version,
    checks: new Set([...services.checks.values()].flatMap(({ definition }) => (definition.fromServer ? [definition.id] : []))),
    mayConnectTo: outsideRule(settings.outsideNetworks),
    openSocket: gateway.openOwn,
    log: log.with({ part: "outside view" }),
  });
  const look = async () => view.watch(await devicesMeasuredHere(services));
  const looking = repeat(services, { name: "outside-view", everyMs: lookEveryMs, run: look });
  const unfollow = bus.subscribe("outside-devices", looking.soon);
  await look();
  return {
    async stop() {
      unfollow();
      await looking.stop();
      await view.stop();
    },
  };
}

async function devicesMeasuredHere({ database }: Services): Promise<Id[]> {
  const rows = await database.unwalled("devices that the server measures", (tx) =>
    tx.sql<{ device_id: Id }>("select device_id from hauswart.device where kind = 'measured' and lifecycle = 'active' order by device_id"),
  );
  return rows.map(({ device_id }) => device_id);
}
