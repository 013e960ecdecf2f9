/** The page behind the button in a mail to somebody on call. Opening it does nothing; a press takes the findings on. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Loading } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import { useFragmentToken } from "./fragment-token.ts";

export function AcknowledgePage() {
  const { texts, language, setLanguage } = useSpeech();
  const words = texts.routing.acknowledge;
  const token = useFragmentToken();
  const { data, error } = useQuery({
    ...query("getAcknowledgement", { body: { token: token ?? "" } }),
    enabled: token !== undefined,
    retry: false,
  });
  const press = useMutation({ mutationFn: () => api("acknowledgeByLink", { body: { token: token ?? "" } }) });
  const offer = press.data ?? data;
  const spoken = data?.language;
  useEffect(() => {
    if (spoken && spoken !== language) setLanguage(spoken);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the mail is known
  }, [spoken]);
  const isOpen = offer?.findings.some(({ state }) => state === "open") ?? false;
  return (
    <Doorway title={words.title} heading={words.title} lead={offer && words.lead(offer.name, offer.providerName)}>
      {token === undefined ? <p>{words.missing}</p> : error ? <DoorError error={error} /> : !offer && <Loading />}
      {offer && (
        <ul>
          {offer.findings.map(({ title, place, state, by }) => (
            <li key={`${title} ${place}`}>
              <strong>{title}</strong>
              <div className="dimmed">{[place, [words.states[state], by ?? ""].filter(Boolean).join(": ")].join(" · ")}</div>
            </li>
          ))}
        </ul>
      )}
      <DoorError error={press.error} />
      {press.data ? (
        <DoorNote>{words.done}</DoorNote>
      ) : (
        offer &&
        (isOpen ? (
          <Button size="sm" loading={press.isPending} onClick={() => press.mutate()}>
            {words.press}
          </Button>
        ) : (
          <DoorNote>{words.nothing}</DoorNote>
        ))
      )}
    </Doorway>
  );
}
