/** Who can be called, who is on duty at a moment, and when somebody is again. */
import type { EscalationStep, EscalationTarget } from "@hauswart/protocol/api/routing.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { mayTakeOn } from "../../access/rights.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { RoutingHours } from "../hours.ts";
import { shiftAt, shiftsBetween, type RotaTimes } from "../rota/shifts.ts";
import { peopleOf, readOverrides, readRotas, timesOf, type OverrideRow, type Person, type RotaRow } from "../rotas.ts";

/** Who can be told, and who is on call from a moment on. */
export interface Duty {
  readonly people: ReadonlyMap<Id, Person>;
  readonly rotas: readonly RotaRow[];
  readonly overrides: readonly OverrideRow[];
  readonly hours: RoutingHours;
}

/** How far ahead the next duty is looked for: works holidays are shorter. */
const aheadMs = 60 * 86_400_000;

/** Reads everything that says who is on call from a moment on. */
export async function readDuty(tx: Tx, ctx: Pick<Context, "providerId">, hours: RoutingHours, atMs: number): Promise<Duty> {
  const [people, rotas, overrides] = await Promise.all([
    peopleOf(tx, ctx),
    readRotas(tx, ctx),
    readOverrides(tx, ctx, atMs, atMs + aheadMs),
  ]);
  return { people, rotas, overrides, hours };
}

/** People that a step means at a moment; nobody when nobody is on call then. */
export function peopleAt(duty: Duty, target: EscalationTarget, atMs: number): Person[] {
  const { people } = duty;
  if (target.kind === "owners") return [...people.values()].filter(({ role }) => role === "owner");
  if (target.kind === "account") return [people.get(target.accountId)].filter((person) => person !== undefined);
  const times = rotaTimes(duty, target.rotaId);
  const shift = times && shiftAt(times, target.layer, atMs);
  const person = shift && people.get(shift.accountId);
  return person ? [person] : [];
}

/**
 * When somebody who may take on findings of a customer has the next shift at one of these steps, for a moment at which nobody can be
 * called; undefined when nobody has within 60 days. People and owners have no shifts: whoever of them may be called always may.
 */
export function nextDutyMs(duty: Duty, steps: readonly EscalationStep[], customerId: Id | null, atMs: number): number | undefined {
  const starts = steps.flatMap(({ to }) => {
    const times = to.kind === "rota" ? rotaTimes(duty, to.rotaId) : undefined;
    if (to.kind !== "rota" || !times) return [];
    const next = shiftsBetween(times, atMs, atMs + aheadMs).find(({ layer, accountId }) => {
      const person = layer === to.layer ? duty.people.get(accountId) : undefined;
      return person !== undefined && mayTakeOn(person.rights, customerId);
    });
    return next ? [next.fromMs] : [];
  });
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function rotaTimes({ rotas, overrides, hours }: Duty, rotaId: Id): RotaTimes | undefined {
  const rota = rotas.find(({ rota_id }) => rota_id === rotaId);
  return rota && timesOf(rota, overrides, hours.serviceAt({ customerId: null, siteId: null }));
}
