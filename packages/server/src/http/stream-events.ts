import type { AuditSubject } from "@hauswart/protocol/api/audit-actions.ts";
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import type { Scope } from "@hauswart/protocol/api/route.ts";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { hasScope, requireScope } from "../access/require-scope.ts";
import { isStillSignedIn } from "../access/still-signed-in.ts";
import type { Topics } from "../bus/bus.ts";
import type { Context, Verb } from "../context.ts";

/** What an actor must be allowed to read to hear of it. */
const scopes: Readonly<Record<LiveEvent["kind"], Scope>> = {
  device: "devices:read",
  finding: "findings:read",
  outbox: "mail:read",
  customer: "customers:read",
  policy: "policies:read",
  maintenance: "findings:read",
  audit: "audit:read",
  round: "devices:read",
};

/** Things of the whole house that everybody may read, restricted or not. */
const houseSubjects: readonly string[] = [
  "provider",
  "calendar",
  "holiday-set",
  "rota",
  "escalation-plan",
  "saved-view",
] satisfies AuditSubject[];

/** Whether those hear of something of the house who are restricted to some customers. */
const isForAll = ({ kind, id }: LiveEvent): boolean =>
  kind === "policy" || kind === "maintenance" || kind === "round" || (kind === "audit" && houseSubjects.includes(id));

export interface LiveStreamOptions {
  /** A sign of life this often, so that proxies keep the stream open; then it is also seen whether session and rights still hold. */
  readonly heartbeatMs: number;
  /** What changes several times within this is told once. */
  readonly gatherMs: number;
  /** A reader that is this many messages behind is let go; it connects again and loads what it shows. */
  readonly mostWaiting: number;
}

const usual: LiveStreamOptions = { heartbeatMs: 15_000, gatherMs: 100, mostWaiting: 1_000 };

/** Server-sent events: what changed, without content, only of what the actor may read. Errors: FORBIDDEN. */
export async function streamEvents({ ctx }: Verb<Input<"streamEvents">>): Promise<ReadableStream<Uint8Array>> {
  requireScope(ctx, "devices:read");
  return liveStream(ctx, usual);
}

/** The stream of one reader. It ends when the reader goes, falls behind, is signed in no more, or has other rights than before. */
export function liveStream(ctx: Context, options: LiveStreamOptions): ReadableStream<Uint8Array> {
  let end: () => void = () => undefined;
  return new ReadableStream<Uint8Array>(
    { start: (controller) => void (end = startStream(ctx, controller, options)), cancel: () => end() },
    { highWaterMark: options.mostWaiting },
  );
}

/** Whether the actor may hear of an event. */
export function mayHear(ctx: Pick<Context, "providerId" | "customers" | "scopes">, event: Topics["live"]): boolean {
  if (event.providerId !== ctx.providerId || !hasScope(ctx, scopes[event.kind])) return false;
  if (ctx.customers === "*") return true;
  // The provider's policies hold for every customer and may be read by all; most else that has no customer may not.
  return event.customerId === null ? isForAll(event) : ctx.customers.includes(event.customerId);
}

/** Whoever is restricted may reach a new customer, or not: that is looked up. */
function isNewCustomer({ providerId, customers }: Context, event: Topics["live"]): boolean {
  return customers !== "*" && event.providerId === providerId && event.kind === "customer" && event.change === "created";
}

function startStream(
  ctx: Context,
  controller: ReadableStreamDefaultController<Uint8Array>,
  { heartbeatMs, gatherMs }: LiveStreamOptions,
): () => void {
  const { bus, log } = ctx.services;
  const encoder = new TextEncoder();
  const gathered = new Map<string, string>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    unsubscribe();
    unsubscribeAccess();
    clearInterval(heartbeat);
    clearTimeout(gathering);
  };
  const close = () => {
    if (isOver) return;
    end();
    controller.close();
  };
  const send = (text: string) => {
    if (isOver) return;
    if ((controller.desiredSize ?? 0) <= 0) return close();
    controller.enqueue(encoder.encode(text));
  };
  // While it is looked whether the reader still may, nothing is said.
  let looking: Promise<void> | undefined;
  const look = () =>
    (looking ??= isStillSignedIn(ctx)
      .then(
        (holds) => (holds ? undefined : close()),
        (error: unknown) => {
          log.warn("the session of a live stream could not be looked up", { error });
          close();
        },
      )
      .finally(() => (looking = undefined)));
  const flush = () => {
    gathering = undefined;
    if (looking) return void looking.then(flush);
    const text = [...gathered.values()].join("");
    gathered.clear();
    send(text);
  };
  const unsubscribeAccess = bus.subscribe("access-changed", ({ providerId, actorIds }) => {
    if (providerId === ctx.providerId && actorIds.includes(ctx.actor.id)) void look();
  });
  const unsubscribe = bus.subscribe("live", (event) => {
    if (isNewCustomer(ctx, event)) void look();
    if (!mayHear(ctx, event)) return;
    const { kind, id, customerId, change } = event;
    gathered.set(
      `${kind}/${id}/${change}`,
      `event: live\ndata: ${JSON.stringify({ kind, id, customerId, change } satisfies LiveEvent)}\n\n`,
    );
    gathering ??= setTimeout(flush, gatherMs);
  });
  const heartbeat = setInterval(() => void look().then(() => send(": alive\n\n")), heartbeatMs);
  send("retry: 3000\n\n");
  return end;
}
