/** An order as it was placed, and what came of it. */
import type { RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import { repairTermsText } from "@hauswart/protocol/repair-terms.ts";
import { Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

/** An order that nobody has taken on wants somebody; one that is in hand does not. */
const marks = { open: "warning", accepted: "ok", done: "ok", declined: "unknown" } as const;

export function OrderState({ state }: { state: RepairOrder["state"] }) {
  const texts = useTexts();
  return <StateMark state={marks[state]}>{texts.care.states[state]}</StateMark>;
}

export function OrderFacts({ order }: { order: RepairOrder }) {
  const { texts, format } = useSpeech();
  const optional = (name: string, value: string | null) => (value ? [{ name, value }] : []);
  return (
    <Facts
      facts={[
        { name: texts.care.state, value: <OrderState state={order.state} /> },
        { name: texts.care.orderedBy, value: order.orderedBy },
        { name: texts.care.orderedAt, value: <Moment at={order.orderedAt} /> },
        ...optional(texts.care.orderContact, order.contact),
        ...optional(texts.care.orderNote, order.note),
        { name: texts.care.terms, value: repairTermsText(order.terms, format) },
        ...optional(texts.care.handledBy, order.stateBy),
        ...optional(texts.care.answer, order.stateNote),
        { name: texts.care.address, value: order.address },
      ]}
    />
  );
}
