/** The agent of a device: its last update, and when it gets new ones. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Facts, type Fact } from "../../components/Facts.tsx";
import { Section } from "../../components/Page.tsx";
import { useSpeech } from "../../texts/texts.tsx";

const rings = ["canary", "early", "all"] as const;

export function AgentUpdate({ deviceId }: { deviceId: string }) {
  const { texts } = useSpeech();
  const { data } = useQuery(query("getDeviceUpdate", { params: { deviceId } }));
  const change = useChange("setUpdateRing", { touches: ["getDeviceUpdate"], message: () => texts.agents.ringChosen });
  if (!data) return null;
  const { update, ended } = data;
  const facts: (Fact | false)[] = [
    !data.canUpdate && { name: texts.agents.updates, value: texts.agents.cannotUpdate },
    update !== null && {
      name: texts.agents.lastUpdate,
      value: (
        <>
          {update.version}: {texts.agents.updateStates[update.state]}
          {update.changedAt && (
            <>
              {" "}
              <Ago at={update.changedAt} />
            </>
          )}
          {update.code && <div>{texts.agents.codes[update.code] ?? update.code}</div>}
          {update.detail && (
            <div className="dimmed" lang="en">
              {update.code}: {update.detail}
            </div>
          )}
        </>
      ),
    },
    ended !== null && {
      name: texts.agents.lastEnd,
      value: (
        <>
          {ended.reason === "hung" ? texts.agents.hung : texts.agents.died} <Ago at={ended.at} />
        </>
      ),
    },
    { name: texts.agents.ring, value: texts.agents.rings[data.ring] },
  ];
  return (
    <Section title={texts.agents.agent}>
      <Facts facts={facts.filter((fact) => fact !== false)} />
      {data.canUpdate && (
        <Allowed to="devices:write">
          <Select
            label={texts.agents.chooseRing}
            placeholder={texts.agents.inherited}
            clearable
            maw={320}
            mt={8}
            disabled={change.isPending}
            data={rings.map((ring) => ({ value: ring, label: texts.agents.rings[ring] }))}
            value={data.chosenRing}
            onChange={(ring) => change.mutate({ params: { kind: "device", subjectId: deviceId }, body: { ring } })}
          />
        </Allowed>
      )}
    </Section>
  );
}
