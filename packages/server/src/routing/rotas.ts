/** Rotas as the database keeps them, with everything that says who is on call. */
import type { Rota, RotaLayer, RotaOverride } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import { rightsColumns, rightsOf, type Rights, type RightsRow } from "../access/rights.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import type { OpenHours, RotaTimes, StandIn } from "./rota/shifts.ts";

export interface RotaRow {
  rota_id: Id;
  revision: number;
  name: string;
  time_zone: string;
  layers: RotaLayer[];
}
export interface OverrideRow {
  override_id: Id;
  rota_id: Id;
  layer: number;
  account_id: Id;
  from_at: Date;
  until_at: Date;
  note: string;
}

export const rotaColumns = "rota_id, revision, name, time_zone, layers";
export const overrideColumns = "override_id, rota_id, layer, account_id, from_at, until_at, note";

export const presentRota = (row: RotaRow): Rota => ({
  rotaId: row.rota_id,
  revision: row.revision,
  name: row.name,
  timeZone: row.time_zone,
  layers: row.layers,
});

export async function readRotas(tx: Tx, { providerId }: Pick<Context, "providerId">): Promise<RotaRow[]> {
  return tx.sql<RotaRow>(`select ${rotaColumns} from hauswart.rota where provider_id = $1 order by lower(name), rota_id`, [providerId]);
}

/** Errors: NOT_FOUND. */
export async function readRota(
  tx: Tx,
  { providerId }: Pick<Context, "providerId">,
  rotaId: Id,
  lock: "for update" | "" = "",
): Promise<RotaRow> {
  const [row] = await tx.sql<RotaRow>(`select ${rotaColumns} from hauswart.rota where provider_id = $1 and rota_id = $2 ${lock}`, [
    providerId,
    rotaId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

/** Stand-ins that touch a time. */
export async function readOverrides(
  tx: Tx,
  { providerId }: Pick<Context, "providerId">,
  fromMs: number,
  untilMs: number,
): Promise<OverrideRow[]> {
  return tx.sql<OverrideRow>(
    `select ${overrideColumns} from hauswart.rota_override
     where provider_id = $1 and until_at > to_timestamp($2::float8 / 1000) and from_at < to_timestamp($3::float8 / 1000) order by from_at, override_id`,
    [providerId, fromMs, untilMs],
  );
}

export function timesOf(rota: RotaRow, overrides: readonly OverrideRow[], service: OpenHours): RotaTimes {
  return {
    timeZone: rota.time_zone,
    layers: rota.layers,
    service,
    overrides: overrides.filter(({ rota_id }) => rota_id === rota.rota_id).map(standInOf),
  };
}

const standInOf = (row: OverrideRow): StandIn => ({
  overrideId: row.override_id,
  layer: row.layer,
  accountId: row.account_id,
  fromMs: row.from_at.getTime(),
  untilMs: row.until_at.getTime(),
});

/** People who can be told, with what they may do now: those who cannot sign in any more are not. */
export async function peopleOf(tx: Tx, { providerId }: Pick<Context, "providerId">): Promise<ReadonlyMap<Id, Person>> {
  const rows = await tx.sql<RightsRow & { account_id: Id; name: string; email: string; language: Person["language"] }>(
    `select a.account_id, a.name, a.email, a.language, ${rightsColumns} from hauswart.account a where a.provider_id = $1 and a.disabled_at is null`,
    [providerId],
  );
  return new Map(
    rows.map((row) => {
      const { account_id: accountId, name, email, language, role } = row;
      return [accountId, { accountId, name, email, language, role, rights: rightsOf(row) }];
    }),
  );
}

export interface Person {
  readonly accountId: Id;
  readonly name: string;
  readonly email: string;
  readonly language: "de" | "en";
  readonly role: Role;
  readonly rights: Rights;
}

export const presentOverride = (row: OverrideRow): RotaOverride => ({
  overrideId: row.override_id,
  rotaId: row.rota_id,
  layer: row.layer,
  accountId: row.account_id,
  from: isoTime(row.from_at),
  until: isoTime(row.until_at),
  note: row.note,
});
