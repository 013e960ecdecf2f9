/** The page behind the button in an alarm mail: what is the case, what mending it costs, and the order. Nothing happens without a press. */
import type { RepairOffer } from "@hauswart/protocol/api/repair-orders.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { repairTermsText, type RepairTerms } from "@hauswart/protocol/repair-terms.ts";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { Loading } from "../../components/notes.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useFragmentToken } from "./fragment-token.ts";

export function OrderPage() {
  const { texts, language, setLanguage } = useSpeech();
  const token = useFragmentToken();
  const { data: offer, error } = useQuery({
    ...query("getRepairOffer", { body: { token: token ?? "" } }),
    enabled: token !== undefined,
    retry: false,
  });
  // The mail's language is the reader's, until they choose another.
  const spoken = offer?.language;
  useEffect(() => {
    if (spoken && spoken !== language) setLanguage(spoken);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the mail is known
  }, [spoken]);
  return (
    <Doorway
      isWide
      title={texts.care.door.title}
      heading={texts.care.door.title}
      lead={offer && texts.care.door.lead(offer.providerName, offer.customerName)}
    >
      {token === undefined ? <p>{texts.care.door.missing}</p> : error ? <DoorError error={error} /> : !offer && <Loading />}
      {offer && token !== undefined && <Offer offer={offer} token={token} />}
    </Doorway>
  );
}

function Offer({ offer, token }: { offer: RepairOffer; token: string }) {
  const { texts, format } = useSpeech();
  const { finding, terms, order } = offer;
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
      {order ? (
        <DoorNote>{texts.care.door.ordered(order.orderedBy, timeThere.dateTime(Date.parse(order.orderedAt)))}</DoorNote>
      ) : finding.closedAt ? (
        <DoorNote>{texts.care.door.over}</DoorNote>
      ) : terms ? (
        <OrderForm token={token} terms={terms} />
      ) : (
        <p>{texts.care.door.off}</p>
      )}
    </>
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
