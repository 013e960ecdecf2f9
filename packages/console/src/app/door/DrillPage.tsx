/** The page behind the button in a drill's mail: says that it is a drill, and takes the confirmation. Nothing happens without a press. */
import type { DrillNotice } from "@hauswart/protocol/api/alarm-drills.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote } from "./Doorway.tsx";
import { LinkedDoor } from "./LinkedDoor.tsx";

export function DrillPage() {
  const { care, drills } = useTexts();
  return (
    <LinkedDoor
      title={drills.drill}
      ask={(token) => query("getAlarmDrill", { body: { token } })}
      lead={({ providerName, customerName }) => care.door.lead(providerName, customerName)}
      missing={care.door.missing}
    >
      {(drill, token) => <Drill drill={drill} token={token} />}
    </LinkedDoor>
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
