/** What messages to people on call are made from, and what stands in a finding's history about them. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { noRepair, type Material } from "../../mail/compose/material.ts";
import * as store from "../../mail/compose/store.ts";

/** Findings of any places, whose names stand with each of them. */
export async function callMaterial(tx: Tx, ctx: Context, findingIds: readonly Id[], provider: Material["provider"]): Promise<Material> {
  const [findings, events, tellings] = await Promise.all([
    store.findingsById(tx, ctx.providerId, findingIds),
    store.lastEventsOf(tx, ctx.providerId, findingIds),
    store.tellingsOf(tx, ctx.providerId, findingIds),
  ]);
  const names = { customerName: "", siteName: null, timeZone: provider.timeZone };
  return {
    provider,
    names,
    events,
    tellings,
    nowMs: ctx.services.clock.now(),
    ...noRepair,
    findings: new Map(findings.map((one) => [one.findingId, one])),
  };
}

/** @param people how many were told */
export async function noteCall(tx: Tx, providerId: Id, { findings, nowMs }: Material, text: string, people: number): Promise<void> {
  await store.insertMailedEvents(
    tx,
    providerId,
    [...findings.values()].map(({ findingId, customerId, severity }) => ({
      findingId,
      customerId,
      severity,
      note: text,
      evidence: { told: "on-call", recipients: people },
    })),
    nowMs,
  );
}
