/** What the double answers about recipients, people on call and escalation. Its rota hands over every Monday at eight, UTC. */
import type { EscalationPlan, Recipient, Rota, RotaOverride } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { routingRoutes } from "@hauswart/protocol/api/routes/routing.ts";
import type { Handlers } from "./handlers.ts";
import { found, pageOf } from "./paging.ts";
import { raise } from "./revision.ts";
import type { World } from "./world.ts";

type RoutingHandlers = Pick<Handlers, keyof typeof routingRoutes & keyof Handlers>;

const weekMs = 7 * 86_400_000;
/** A Monday, 08:00 UTC. */
const firstHandoverMs = Date.UTC(2026, 0, 5, 8);
const iso = (atMs: number) => new Date(atMs).toISOString();

interface House {
  rotas: Rota[];
  overrides: RotaOverride[];
  plans: EscalationPlan[];
  /** Tokens of links that were used. */
  readonly used: Set<string>;
  browsers: { pushSubscriptionId: string; deviceName: string; createdAt: string }[];
}

/** Host and a mark, as the server shows it. */
const shownWorkflow = (address: string): string => `${new URL(address).host} #${address.length.toString(16).padStart(4, "0")}`;

export function routingHandlers(world: World): RoutingHandlers {
  const house = makeHouse(world);
  return { ...recipientHandlers(world), ...rotaHandlers(world, house), ...planHandlers(world, house), ...linkHandlers(world, house) };
}

const nameOf = ({ people }: World, accountId: string) =>
  people.persons.find(({ account }) => account.accountId === accountId)?.account.name ?? "";

function makeHouse({ people, nowMs }: World): House {
  const accountIds = people.persons.filter(({ disabledAt }) => disabledAt === null).map(({ account }) => account.accountId);
  const rotaId = newId(nowMs());
  const layer = { hours: "always" as const, startsOn: "2026-01-05", handover: { weekday: 1, time: "08:00" }, everyWeeks: 1 };
  return {
    rotas: [
      {
        rotaId,
        revision: 1,
        name: "Bereitschaft",
        timeZone: "Europe/Berlin",
        layers: [
          { ...layer, name: "Erste Stelle", accountIds },
          { ...layer, name: "Hintergrund", accountIds: accountIds.toReversed() },
        ],
      },
    ],
    overrides: [],
    plans: [
      {
        planId: newId(nowMs()),
        revision: 1,
        customerId: null,
        name: "Störungen",
        fromSeverity: "failure",
        topics: null,
        hours: "always",
        repeats: 1,
        steps: [
          { afterMinutes: 0, to: { kind: "rota", rotaId, layer: 0 } },
          { afterMinutes: 15, to: { kind: "rota", rotaId, layer: 1 } },
          { afterMinutes: 30, to: { kind: "owners" } },
        ],
      },
    ],
    used: new Set(),
    browsers: [],
  };
}

function recipientHandlers(
  world: World,
): Pick<RoutingHandlers, "listRecipients" | "getRecipient" | "createRecipient" | "changeRecipient" | "deleteRecipient" | "testRecipient"> {
  const recipientOf = (recipientId: string) => found(world.recipients.find((one) => one.recipientId === recipientId));
  return {
    listRecipients: ({ customerId, ...page }) =>
      pageOf(
        world.recipients.filter((one) => !customerId || one.customerId === null || one.customerId === customerId),
        page,
      ),
    getRecipient: ({ recipientId }) => recipientOf(recipientId),
    createRecipient({ token, ...body }) {
      const address = body.channel === "teams" ? shownWorkflow(body.address) : body.address || nameOf(world, body.accountId ?? "");
      const recipient: Recipient = {
        recipientId: newId(),
        revision: 1,
        ...body,
        address,
        hasToken: token !== undefined,
        unreachable: null,
      };
      world.recipients.push(recipient);
      return recipient;
    },
    changeRecipient({ recipientId, revision, reachable, token, address, ...change }) {
      const recipient = recipientOf(recipientId);
      raise(recipient, revision);
      const shown =
        address === undefined ? {} : { address: (change.channel ?? recipient.channel) === "teams" ? shownWorkflow(address) : address };
      const isReachable = reachable === true || address !== undefined;
      Object.assign(recipient, change, shown);
      if (isReachable) recipient.unreachable = null;
      if (token !== undefined) recipient.hasToken = token !== null;
      return recipient;
    },
    deleteRecipient({ recipientId }) {
      world.recipients.splice(
        world.recipients.findIndex((one) => one.recipientId === recipientId),
        1,
      );
    },
    testRecipient({ recipientId }) {
      const { channel, unreachable } = recipientOf(recipientId);
      if (unreachable) return { state: "refused", status: 550, answer: unreachable.reason, problem: "answer" };
      return channel === "mail"
        ? { state: "accepted", status: 250, answer: "250 2.0.0 Ok: queued as 4F2A1", problem: null }
        : { state: "accepted", status: 202, answer: "1", problem: null };
    },
  };
}

function shiftsOf(world: World, rota: Rota, overrides: readonly RotaOverride[], fromMs: number, untilMs: number) {
  return rota.layers.flatMap(({ accountIds }, layer) => {
    const first = Math.floor((fromMs - firstHandoverMs) / weekMs);
    const last = Math.floor((untilMs - 1 - firstHandoverMs) / weekMs);
    const turns = Array.from({ length: last - first + 1 }, (_, index) => {
      const turn = first + index;
      const accountId = accountIds[turn % accountIds.length]!;
      return {
        layer,
        accountId,
        name: nameOf(world, accountId),
        from: iso(Math.max(fromMs, firstHandoverMs + turn * weekMs)),
        until: iso(Math.min(untilMs, firstHandoverMs + (turn + 1) * weekMs)),
        overrideId: null,
      };
    });
    const standIns = overrides
      .filter((override) => override.rotaId === rota.rotaId && override.layer === layer)
      .map(({ overrideId, accountId, from, until }) => ({ layer, accountId, name: nameOf(world, accountId), from, until, overrideId }));
    return [...turns, ...standIns];
  });
}

function rotaHandlers(
  world: World,
  house: House,
): Pick<
  RoutingHandlers,
  "listRotas" | "createRota" | "changeRota" | "deleteRota" | "getRotaCalendar" | "createRotaOverride" | "deleteRotaOverride" | "getOnCall"
> {
  const rotaOf = (rotaId: string) => found(house.rotas.find((rota) => rota.rotaId === rotaId));
  return {
    listRotas: () => ({ items: house.rotas }),
    createRota(body) {
      const rota = { rotaId: newId(), revision: 1, ...body };
      house.rotas.push(rota);
      return rota;
    },
    changeRota({ rotaId, revision, ...body }) {
      const rota = rotaOf(rotaId);
      raise(rota, revision);
      return Object.assign(rota, body);
    },
    deleteRota({ rotaId }) {
      const needing = house.plans.filter(({ steps }) => steps.some(({ to }) => to.kind === "rota" && to.rotaId === rotaId));
      const usedBy = needing.map(({ name }) => ({ kind: "escalation-plan", name }));
      if (usedBy.length > 0) throw new HauswartError("IN_USE", undefined, { usedBy });
      house.rotas = house.rotas.filter((rota) => rota.rotaId !== rotaId);
    },
    getRotaCalendar({ rotaId, from, until }) {
      const rota = rotaOf(rotaId);
      const overrides = house.overrides.filter((override) => override.rotaId === rotaId);
      return { rota, overrides, shifts: shiftsOf(world, rota, overrides, Date.parse(from), Date.parse(until)) };
    },
    createRotaOverride(body) {
      const override = { overrideId: newId(), ...body };
      house.overrides.push(override);
      return override;
    },
    deleteRotaOverride({ overrideId }) {
      house.overrides = house.overrides.filter((override) => override.overrideId !== overrideId);
    },
    getOnCall() {
      const nowMs = world.nowMs();
      const items = house.rotas.flatMap((rota) =>
        shiftsOf(world, rota, [], nowMs, nowMs + 2 * weekMs)
          .filter(({ from }) => from === iso(nowMs))
          .map(({ layer, accountId, name, until }) => ({
            rotaId: rota.rotaId,
            rotaName: rota.name,
            layer,
            layerName: rota.layers[layer]!.name,
            accountId,
            name,
            until,
            isStandIn: false,
          })),
      );
      return { items };
    },
  };
}

function planHandlers(
  world: World,
  house: House,
): Pick<
  RoutingHandlers,
  "listEscalationPlans" | "createEscalationPlan" | "changeEscalationPlan" | "deleteEscalationPlan" | "previewRouting"
> {
  return {
    listEscalationPlans: () => ({ items: house.plans }),
    createEscalationPlan(body) {
      const plan = { planId: newId(), revision: 1, ...body };
      house.plans.push(plan);
      return plan;
    },
    changeEscalationPlan({ planId, revision, ...body }) {
      const plan = found(house.plans.find((one) => one.planId === planId));
      raise(plan, revision);
      return Object.assign(plan, body);
    },
    deleteEscalationPlan({ planId }) {
      house.plans = house.plans.filter((plan) => plan.planId !== planId);
    },
    previewRouting({ customerId, severity, at }) {
      const atMs = at ? Date.parse(at) : world.nowMs();
      const told = world.recipients.map((recipient) => {
        const isElsewhere = recipient.customerId !== null && recipient.customerId !== customerId;
        const isMild = recipient.fromSeverity === "failure" && severity === "warning";
        const why = isElsewhere
          ? ("other-place" as const)
          : isMild
            ? ("too-mild" as const)
            : recipient.quiet
              ? ("quiet" as const)
              : ("fits" as const);
        return {
          kind: "recipient" as const,
          recipientId: recipient.recipientId,
          channel: recipient.channel,
          name: recipient.address,
          outcome: why === "fits" ? ("told" as const) : why === "quiet" ? ("held" as const) : ("not-told" as const),
          at: why === "fits" ? iso(atMs) : why === "quiet" ? iso(atMs + 6 * 3_600_000) : null,
          why,
          step: null,
          place: world.customers.find((customer) => customer.customerId === recipient.customerId)?.name ?? "",
        };
      });
      const [plan] = severity === "failure" ? house.plans : [];
      let minutes = 0;
      const called = (plan?.steps ?? []).map(({ afterMinutes }, index) => ({
        kind: "escalation" as const,
        recipientId: null,
        channel: "mail" as const,
        name: world.people.persons[index % world.people.persons.length]!.account.name,
        outcome: "told" as const,
        at: iso(atMs + (minutes += afterMinutes) * 60_000),
        why: "on-call" as const,
        step: index + 1,
        place: "",
      }));
      return { at: iso(atMs), planName: plan?.name ?? null, answers: [...told, ...called], onCallNobody: false };
    },
  };
}

/** Links of the double work whatever their token is; `used` tries what comes after the press. */
function linkHandlers(
  world: World,
  { used, browsers }: House,
): Pick<
  RoutingHandlers,
  | "getAcknowledgement"
  | "acknowledgeByLink"
  | "getDigest"
  | "endDigest"
  | "getPushKey"
  | "listPushSubscriptions"
  | "createPushSubscription"
  | "deletePushSubscription"
> {
  const call = (state: "open" | "acknowledged") => {
    const { account } = world.people.persons[0]!;
    const findings = world.findings.slice(0, 2).map(({ finding }) => ({
      title: "Dienst läuft nicht: Warenwirtschaft",
      place: [finding.deviceName, finding.customerName].filter(Boolean).join(", "),
      state,
      by: state === "open" ? null : account.name,
    }));
    return { providerName: world.settings.name, name: account.name, language: account.language, findings };
  };
  const digest = (isOn: boolean) => ({ providerName: world.settings.name, address: "it@muster.example", language: "de" as const, isOn });
  return {
    getAcknowledgement: ({ token }) => call(used.has(token) ? "acknowledged" : "open"),
    acknowledgeByLink({ token }) {
      if (used.has(token) || token === "used") throw new HauswartError("LINK_INVALID");
      used.add(token);
      return call("acknowledged");
    },
    getDigest: ({ token }) => digest(!used.has(token)),
    endDigest({ token }) {
      used.add(token);
      return digest(false);
    },
    getPushKey: () => ({ publicKey: "BNbxGYNMhEIi9zrneh7mqV4oUanjLUK3m-mYZBc62frMKrEoMk88r3Lk596T0ck9xlT-aok0fO1KXBLV4-XqxYM" }),
    listPushSubscriptions: () => ({ items: browsers }),
    createPushSubscription({ deviceName }) {
      const browser = { pushSubscriptionId: newId(), deviceName, createdAt: iso(world.nowMs()) };
      browsers.push(browser);
      return browser;
    },
    deletePushSubscription({ pushSubscriptionId }) {
      browsers.splice(
        browsers.findIndex((browser) => browser.pushSubscriptionId === pushSubscriptionId),
        1,
      );
    },
  };
}
