/**
 * Where agents connect. Made once per process; the HTTP server mounts it:
 *
 *     const gateway = agentGateway(services);
 *     Bun.serve({ fetch: (request, server) => path === agentLinkPath ? gateway.upgrade(request, server, address) : …, websocket: gateway.websocket });
 *
 * From the wire inwards: agent-gateway (sockets) ▸ receive (messages) ▸ welcome-desk and take-over (who is it) or
 * ingest (what does it say) ▸ group commit ▸ acknowledge.
 */
import { messageLimitBytes, presencePeriodMs } from "@hauswart/protocol/wire/versions.ts";
import type { Server, ServerWebSocket, WebSocketHandler } from "bun";
import { CheckLayouts } from "../ingest/check-layout.ts";
import { compileChecks } from "../ingest/compiled-checks.ts";
import { GroupCommit } from "../ingest/group-commit.ts";
import { followCalendars, heldCalendars } from "../calendars/calendars-of.ts";
import { ingestMetrics } from "../ingest/ingest-metrics.ts";
import type { TakeInNeeds } from "../ingest/take-in-sample.ts";
import { repeat } from "../jobs/repeat.ts";
import type { Services } from "../services.ts";
import { sweepUpdates } from "../updates/sweep-updates.ts";
import { AgentLink, closeCode } from "./agent-link.ts";
import { Care } from "./care.ts";
import { configureDesk, isJudgedOtherwise } from "./configure-devices.ts";
import { Doorway } from "./doorway.ts";
import { farewellDesk } from "./farewells.ts";
import { followBus } from "./follow-bus.ts";
import { gatewayMetrics } from "./gateway-metrics.ts";
import { tellConsole } from "./live-evidence.ts";
import { openOwnLink, type OwnLinkHost, type OwnSocket, type OwnSocketEvents } from "./own-link.ts";
import { acknowledge, challenge, receive, receivePacked, releaseHeld, type ReceiveNeeds } from "./receive.ts";
import { isRefusalCode } from "./refusals.ts";
import { ask, signedInDesk } from "./signed-in-desk.ts";
import { tidyMemory } from "./tidying.ts";
import { welcomeDesk } from "./welcome-desk.ts";
import { Witnesses } from "./witnesses.ts";

export interface AgentGateway {
  /** Turns a request into an agent's connection. @returns what to answer when that is not possible; undefined when it is one now. */
  upgrade(request: Request, server: Server<AgentLink>, address: string): Response | undefined;
  readonly websocket: WebSocketHandler<AgentLink>;
  /** Opens links from within this process, for devices that the server measures itself. @param publicKey that they prove themselves by (raw, base64) */
  openOwn(publicKey: string): (events: OwnSocketEvents) => OwnSocket;
  /** Stores what was taken in, and lets the agents go. They come back by themselves. */
  close(): Promise<void>;
}

/** How often connections are looked over that have gone silent. */
const lookOverMs = 10_000;
/** How often agents are offered releases. */
const updatesEveryMs = 30_000;
/** How long an agent may take to say who it is. */
const helloPatienceMs = 30_000;
/** What may wait to be sent to one agent; the largest configuration is a fraction of it. */
const sendLimitBytes = 1024 * 1024;
/** Waiting longer than this for the database at the end would only keep the process from ending. */
const drainPatienceMs = 10_000;

export function agentGateway(services: Services): AgentGateway {
  const links = new Set<AgentLink>();
  const { care, needs, close } = assemble(services, links);
  const timer = setInterval(() => lookOver(links), lookOverMs);
  timer.unref();
  const endTidying = tidyMemory(() => needs.received);
  let isClosing = false;
  return {
    upgrade(request, server, address) {
      if (isClosing) return new Response("The server is going down.", { status: 503, headers: { "retry-after": "5" } });
      const link = new AgentLink(address);
      if (!needs.doorway.enter(link)) return new Response("Too many wait here.", { status: 503, headers: { "retry-after": "30" } });
      if (server.upgrade(request, { data: link })) return undefined;
      needs.doorway.leave(link);
      return new Response("This address speaks WebSocket.", { status: 426, headers: { upgrade: "websocket" } });
    },
    websocket: socketHandlers(services, needs, care, links),
    openOwn: (publicKey) => {
      const host = ownLinkHost(services, needs, care, links);
      const key = Buffer.from(publicKey, "base64");
      return (events) => openOwnLink(new AgentLink("", key), events, host);
    },
    async close() {
      isClosing = true;
      clearInterval(timer);
      endTidying();
      await close();
    },
  };
}

/** Puts the parts together. */
function assemble(services: Services, links: ReadonlySet<AgentLink>) {
  const ingest = ingestMetrics(services.metrics);
  const metrics = {
    ingest,
    gateway: gatewayMetrics(services.metrics, { sockets: () => links.size, devices: () => care.size, waiting: () => commits.waiting }),
  };
  const layouts = new CheckLayouts(compileChecks(services.checks), services.log);
  const farewells = farewellDesk(services);
  const takeIn: TakeInNeeds = {
    judgeFailed(check: string, error: unknown) {
      ingest.judgeFailures.add(1, { check });
      services.log.error("a judge failed", { check, error });
    },
    calendarOf: (identity) => heldCalendars(services, identity.providerId).judged(identity),
  };
  const care: Care = new Care({
    farewells,
    metrics: metrics.gateway,
    isAlone: (deviceId) => commits.isAlone(deviceId),
    now: () => services.clock.now(),
  });
  const commits: GroupCommit = new GroupCommit(services, ingest, {
    committed(device, isNews) {
      const link = care.linkWith(device);
      if (!link) return;
      acknowledge(link, device);
      tellConsole(services, device, isNews);
      if (link.held) releaseHeld(needs, link);
    },
    forgotten(device, code) {
      const link = care.linkWith(device);
      if (link && isRefusalCode(code)) care.refuse(link, code);
    },
  });
  const welcomes = welcomeDesk(services, layouts, care);
  const configurations = configureDesk({ services, layouts, care, commits, takeIn });
  const witnesses = new Witnesses(services, care);
  const signedIn = signedInDesk(services, care);
  const needs: ReceiveNeeds = {
    services,
    care,
    commits,
    welcomes,
    farewells,
    signedIn,
    takeIn,
    metrics,
    witnesses,
    doorway: new Doorway(),
    received: 0,
  };
  const unfollow = followBus(services.bus, care, configurations, witnesses, (providerId, isMeant) =>
    ask(services, care, providerId, isMeant),
  );
  const unfollowCalendars = followCalendars(services, (providerId, calendars) => {
    for (const device of care.devices()) if (isJudgedOtherwise(device, providerId, calendars)) configurations.add(device.identity.deviceId);
  });
  const updates = repeat(services, { name: "agent-updates", everyMs: updatesEveryMs, run: () => sweepUpdates(services, care) });
  const endUrge = services.bus.subscribe("agent-rollouts", updates.soon);
  const close = async () => {
    unfollow();
    unfollowCalendars();
    endUrge();
    await updates.stop();
    care.end();
    await Promise.all([welcomes.close(), configurations.close(), signedIn.close()]);
    await Promise.race([commits.drained(), new Promise((resolve) => setTimeout(resolve, drainPatienceMs).unref())]);
    for (const link of links) link.close(closeCode.serviceRestart, "server restart");
    await farewells.finish();
  };
  return { care, needs, close };
}

function socketHandlers({ log }: Services, needs: ReceiveNeeds, care: Care, links: Set<AgentLink>): WebSocketHandler<AgentLink> {
  return {
    maxPayloadLength: messageLimitBytes,
    // Unpacking every message costs more than everything else that is done with it (docs/performance.md). Agents pack what goes alone.
    perMessageDeflate: false,
    backpressureLimit: sendLimitBytes,
    closeOnBackpressureLimit: true,
    // Shortly before the time is over the socket is pinged; an answer counts as a sign of life.
    idleTimeout: presencePeriodMs / 1_000,
    sendPings: true,
    open(socket: ServerWebSocket<AgentLink>) {
      const link = socket.data;
      links.add(link);
      link.socket = socket;
      challenge(needs, link);
    },
    message({ data: link }, message) {
      if (typeof message === "string") receive(needs, link, message);
      else receivePacked(needs, link, message);
    },
    ping: ({ data: link }) => link.heard(),
    pong: ({ data: link }) => link.pong(),
    close({ data: link }) {
      links.delete(link);
      needs.doorway.leave(link);
      care.ended(link);
      link.socket = undefined;
    },
    error(error, { data: link }) {
      log.error("a message of an agent led to an error; its connection is closed", { deviceId: link.device?.identity.deviceId, error });
      care.refuse(link, "SERVER_BUSY");
    },
  };
}

/** Links within the process are looked after like the others. */
function ownLinkHost({ log }: Services, needs: ReceiveNeeds, care: Care, links: Set<AgentLink>): OwnLinkHost {
  return {
    opened(link) {
      links.add(link);
      challenge(needs, link);
    },
    received(link, text) {
      try {
        receive(needs, link, text);
      } catch (error) {
        log.error("a message of the outside view led to an error; its connection is closed", { error });
        care.refuse(link, "SERVER_BUSY");
      }
    },
    ended(link) {
      links.delete(link);
      care.ended(link);
      link.socket = undefined;
    },
  };
}

/** Ends connections that do not say who they are, and those that no longer show life. */
function lookOver(links: ReadonlySet<AgentLink>): void {
  const nowMs = performance.now();
  for (const link of links) {
    if (link.state === "challenged" && nowMs - link.openedAtMs > helloPatienceMs) link.close(closeCode.policy, "no hello");
    else if (nowMs - link.lastHeardAtMs > presencePeriodMs) link.close(closeCode.normal, "silent");
  }
}
