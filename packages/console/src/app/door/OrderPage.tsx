/** The page behind the button in an alarm mail: what is the case, what mending it costs, and the order. Nothing happens without a press. */
import { isOrderRunning } from "@hauswart/protocol/api/repair-order-states.ts";
import type { RepairOffer } from "@hauswart/protocol/api/repair-orders.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { repairTermsText, type RepairTerms } from "@hauswart/protocol/repair-terms.ts";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { LinkedDoor } from "./LinkedDoor.tsx";

type PlacedOrder = NonNullable<RepairOffer["order"]>;

export function OrderPage() {
  const { door } = useTexts().care;
  return (
    <LinkedDoor
      isWide
      title={door.title}
      ask={(token) => query("getRepairOffer", { body: { token } })}
      lead={({ providerName, customerName }) => door.lead(providerName, customerName)}
      missing={door.missing}
    >
      {(offer, token) => <Offer offer={offer} token={token} />}
    </LinkedDoor>
  );
}

function Offer({ offer, token }: { offer: RepairOffer; token: string }) {
  const { texts, format } = useSpeech();
  const { finding, terms, order } = offer;
  const isOrderable = terms !== null && !finding.closedAt && !(order && isOrderRunning(order.state));
  const canOrder = isOrderable && !offer.linkIsSpent;
  const timeThere = formatFor(format.language, finding.timeZone);
  const optional = (name: string, value: string) => (value ? [{ name, value }] : []);
  return (
    <>
      <div>
        <StateMark state={finding.closedAt ? "ok" : finding.severity} />
        <h2>{finding.title}</h2>
        <p className="dimmed">{[finding.deviceName, finding.siteName].filter(Boolean).join(" · ")}</p>
      </div>
      <Facts
        facts={[
          { name: texts.care.door.since, value: timeThere.dateTime(Date.parse(finding.openedAt)) },
          ...optional(texts.care.door.how, finding.summary),
          ...optional(texts.care.door.meaning, finding.meaning),
          ...(terms && !finding.closedAt
            ? [{ name: texts.care.door.costs, value: <strong>{repairTermsText(terms, format)}</strong> }]
            : []),
        ]}
      />
      {order && <OrderNote order={order} when={timeThere.dateTime(Date.parse(order.orderedAt))} />}
      {order && isOrderable && <p>{canOrder ? texts.care.door.again : texts.care.door.spent}</p>}
      {canOrder && <OrderForm token={token} terms={terms} />}
      {!order && finding.closedAt && <DoorNote>{texts.care.door.over}</DoorNote>}
      {!order && !finding.closedAt && !terms && <p>{texts.care.door.off}</p>}
    </>
  );
}

/** What became of the newest order; a house that declines says why. */
function OrderNote({ order, when }: { order: PlacedOrder; when: string }) {
  const { door } = useTexts().care;
  const { state, orderedBy, stateNote } = order;
  if (state !== "declined" && state !== "done") return <DoorNote>{door.ordered(orderedBy, when)}</DoorNote>;
  return (
    <DoorNote state={state === "declined" ? "warning" : "ok"}>
      {[door.ended[state](orderedBy, when), stateNote].filter(Boolean).join(" ")}
    </DoorNote>
  );
}

function OrderForm({ token, terms }: { token: string; terms: RepairTerms }) {
  const { texts } = useSpeech();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [contact, setContact] = useState("");
  const [note, setNote] = useState("");
  // Whatever comes of it, the page then shows what holds now: the order, somebody else's order, or other terms.
  const place = useMutation({
    mutationFn: () => api("placeRepairOrder", { body: { token, name: name.trim(), contact: contact.trim(), note: note.trim(), terms } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["getRepairOffer"] }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!place.isPending) place.mutate();
  };
  return (
    <form className={styles["fields"]} onSubmit={submit}>
      <TextInput
        label={texts.care.door.name}
        autoComplete="name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={texts.care.door.contact}
        autoComplete="tel"
        maxLength={200}
        value={contact}
        onChange={(event) => setContact(event.currentTarget.value)}
      />
      <Textarea
        label={texts.care.door.note}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <DoorError error={place.error} />
      <Button type="submit" size="sm" loading={place.isPending} disabled={name.trim() === ""}>
        {texts.care.door.order}
      </Button>
    </form>
  );
}
