/** On call: whose turn it is, the next weeks at a glance, who is told next, and who would be told of a finding. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { OnCallNow } from "./OnCallNow.tsx";
import { Plans } from "./Plans.tsx";
import { Preview } from "./Preview.tsx";
import { PushSection } from "./PushSection.tsx";
import { RotaCalendar } from "./RotaCalendar.tsx";
import { RotaDialog } from "./RotaDialog.tsx";
import { StandInDialog } from "./StandInDialog.tsx";

export function OnCallPage() {
  const { routing } = useTexts();
  const [dialog, setDialog] = useState<"rota" | "stand-in" | null>(null);
  const rotas = useQuery(query("listRotas"));
  const addRota = (
    <Allowed to="settings:write" of={null}>
      <Button onClick={() => setDialog("rota")}>{routing.addRota}</Button>
    </Allowed>
  );
  const items = rotas.data?.items ?? [];
  return (
    <Page
      title={routing.title}
      note={items.length > 0 ? <OnCallNow /> : routing.lead}
      actions={
        items.length > 0 && (
          <>
            <Allowed to="findings:write" of={null}>
              <Button variant="default" onClick={() => setDialog("stand-in")}>
                {routing.addStandIn}
              </Button>
            </Allowed>
            {addRota}
          </>
        )
      }
    >
      {rotas.error ? (
        <ErrorNote error={rotas.error} />
      ) : !rotas.data ? (
        <Loading />
      ) : items.length === 0 ? (
        <Empty title={routing.noRota} action={addRota}>
          {routing.noRotaHelp}
        </Empty>
      ) : (
        <Section title={routing.calendar}>
          {items.map((rota) => (
            <RotaCalendar key={rota.rotaId} rota={rota} />
          ))}
        </Section>
      )}
      <Plans rotas={items} />
      <Preview />
      <PushSection />
      {dialog === "rota" && <RotaDialog onClose={() => setDialog(null)} />}
      {dialog === "stand-in" && <StandInDialog rotas={items} onClose={() => setDialog(null)} />}
    </Page>
  );
}
