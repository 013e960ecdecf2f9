/** The page behind the question in an alarm's mail: whether it was right to tell. Opening it does nothing; a press judges. */
import type { AlarmVerdict, VerdictOffer } from "@hauswart/protocol/api/noise.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./Doorway.module.css";
import { DoorError, DoorNote } from "./Doorway.tsx";
import { LinkedDoor } from "./LinkedDoor.tsx";

const choices: readonly AlarmVerdict[] = ["useful", "noise", "known"];

export function VerdictPage() {
  const { care, noise } = useTexts();
  return (
    <LinkedDoor
      title={noise.question}
      ask={(token) => query("getVerdictOffer", { body: { token } })}
      lead={({ providerName }) => noise.door.lead(providerName)}
      missing={care.door.missing}
    >
      {(offer, token) => <Alarm offer={offer} token={token} />}
    </LinkedDoor>
  );
}

function Alarm({ offer, token }: { offer: VerdictOffer; token: string }) {
  const { texts, format } = useSpeech();
  const words = texts.noise;
  const client = useQueryClient();
  // Whatever comes of it, the page then shows what holds now.
  const judge = useMutation({
    mutationFn: (verdict: AlarmVerdict) => api("judgeByLink", { body: { token, verdict } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["getVerdictOffer"] }),
  });
  const timeThere = formatFor(format.language, offer.timeZone);
  const time = (at: string) => timeThere.dateTime(Date.parse(at));
  const said = judge.data?.said ?? offer.said;
  return (
    <>
      <div>
        <strong>{offer.title}</strong>
        <div className="dimmed">{offer.place}</div>
      </div>
      <Facts
        facts={[
          { name: words.door.since, value: time(offer.openedAt) },
          ...(offer.closedAt ? [{ name: words.door.over, value: time(offer.closedAt) }] : []),
        ]}
      />
      {said ? (
        <DoorNote>
          {said.verdict
            ? words.door.said(words.verdicts[said.verdict], said.by, time(said.at))
            : words.door.takenBack(said.by, time(said.at))}
        </DoorNote>
      ) : (
        <>
          <DoorError error={judge.error} />
          <div className={styles["choices"]} role="group" aria-label={words.question}>
            {choices.map((verdict) => (
              <Button
                key={verdict}
                size="sm"
                variant="default"
                loading={judge.isPending && judge.variables === verdict}
                disabled={judge.isPending}
                onClick={() => judge.mutate(verdict)}
              >
                {words.verdicts[verdict]}: {words.means[verdict]}
              </Button>
            ))}
          </div>
          <p className="dimmed">{words.door.readers(offer.readers)}</p>
        </>
      )}
    </>
  );
}
