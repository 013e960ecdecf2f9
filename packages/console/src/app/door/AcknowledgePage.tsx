/** The page behind the button in a mail to somebody on call. Opening it does nothing; a press takes the findings on. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { LinkedDoor } from "./LinkedDoor.tsx";

export function AcknowledgePage() {
  const words = useTexts().routing.acknowledge;
  return (
    <LinkedDoor
      title={words.title}
      ask={(token) => query("getAcknowledgement", { body: { token } })}
      lead={({ name, providerName }) => words.lead(name, providerName)}
      missing={words.missing}
    >
      {(offer, token) => <Findings offer={offer} token={token} />}
    </LinkedDoor>
  );
}

function Findings({ offer, token }: { offer: ResponseOf<"getAcknowledgement">; token: string }) {
  const words = useTexts().routing.acknowledge;
  const press = useMutation({ mutationFn: () => api("acknowledgeByLink", { body: { token } }) });
  const { findings } = press.data ?? offer;
  const isOpen = findings.some(({ state }) => state === "open");
  return (
    <>
      <ul className={styles["list"]}>
        {findings.map(({ title, place, state, by }) => (
          <li key={`${title} ${place}`}>
            <strong>{title}</strong>
            <div className="dimmed">{[place, [words.states[state], by ?? ""].filter(Boolean).join(": ")].join(" · ")}</div>
          </li>
        ))}
      </ul>
      <DoorError error={press.error} />
      {press.data ? (
        <DoorNote>{words.done}</DoorNote>
      ) : isOpen ? (
        <Button size="sm" loading={press.isPending} onClick={() => press.mutate()}>
          {words.press}
        </Button>
      ) : (
        <DoorNote>{words.nothing}</DoorNote>
      )}
    </>
  );
}
