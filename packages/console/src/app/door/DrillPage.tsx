/** The page behind the button in a drill's mail: says that it is a drill, and takes the confirmation. Nothing happens without a press. */
import type { DrillNotice } from "@hauswart/protocol/api/alarm-drills.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { Loading } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import { useFragmentToken } from "./fragment-token.ts";

export function DrillPage() {
  const { texts, language, setLanguage } = useSpeech();
  const token = useFragmentToken();
  const { data: drill, error } = useQuery({
    ...query("getAlarmDrill", { body: { token: token ?? "" } }),
    enabled: token !== undefined,
    retry: false,
  });
  // The mail's language is the reader's, until they choose another.
  const spoken = drill?.language;
  useEffect(() => {
    if (spoken && spoken !== language) setLanguage(spoken);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the mail is known
  }, [spoken]);
  return (
    <Doorway
      title={texts.drills.drill}
      heading={texts.drills.drill}
      lead={drill && texts.care.door.lead(drill.providerName, drill.customerName)}
    >
      {token === undefined ? <p>{texts.care.door.missing}</p> : error ? <DoorError error={error} /> : !drill && <Loading />}
      {drill && token !== undefined && <Drill drill={drill} token={token} />}
    </Doorway>
  );
}

function Drill({ drill, token }: { drill: DrillNotice; token: string }) {
  const { texts, format } = useSpeech();
  const client = useQueryClient();
  // Whatever comes of it, the page then shows what holds now.
  const confirm = useMutation({
    mutationFn: () => api("confirmAlarmDrill", { body: { token } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["getAlarmDrill"] }),
  });
  const timeThere = formatFor(format.language, drill.timeZone);
  return (
    <>
      <p>{texts.drills.explained}</p>
      <Facts
        facts={[
          { name: texts.drills.startedAt, value: timeThere.dateTime(Date.parse(drill.startedAt)) },
          { name: texts.care.device, value: drill.deviceName },
        ]}
      />
      {drill.confirmedAt ? (
        <DoorNote>{texts.drills.confirmedOn(timeThere.dateTime(Date.parse(drill.confirmedAt)))}</DoorNote>
      ) : drill.isOver ? (
        <p>{texts.drills.over}</p>
      ) : (
        <>
          <DoorError error={confirm.error} />
          <Button size="sm" loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {texts.drills.confirm}
          </Button>
        </>
      )}
    </>
  );
}
