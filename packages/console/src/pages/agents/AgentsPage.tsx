/** The agents: how many devices run which version, and how far each release has gone. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech, type Texts } from "../../texts/texts.tsx";
import { UploadDialog } from "./UploadDialog.tsx";

type Releases = ResponseOf<"listAgentReleases">;
type Release = Releases["releases"][number];

/** How often the page looks again while it is open. */
const lookAgainMs = 15_000;

export function AgentsPage() {
  const { texts } = useSpeech();
  const { data, error, refetch } = useQuery({ ...query("listAgentReleases"), refetchInterval: lookAgainMs });
  const [isUploading, setUploading] = useState(false);
  const upload = (
    <Allowed to="settings:write" of={null}>
      <Button variant="default" onClick={() => setUploading(true)}>
        {texts.agents.upload}
      </Button>
    </Allowed>
  );
  return (
    <Page title={texts.agents.title} note={texts.agents.lead} narrow actions={upload}>
      {isUploading && <UploadDialog onClose={() => setUploading(false)} />}
      {error && !data ? <ErrorNote error={error} onRetry={() => void refetch()} /> : data ? <Content data={data} /> : <Loading />}
    </Page>
  );
}

function Content({ data: { releases, versions, problems } }: { data: Releases }) {
  const { texts, format } = useSpeech();
  return (
    <>
      <Section title={texts.agents.releases}>
        {releases.length === 0 ? (
          <Empty title={texts.agents.none}>{texts.agents.noneHelp}</Empty>
        ) : (
          <CsvTable
            id="agent-releases"
            label={texts.agents.releases}
            columns={[
              { header: texts.agents.version, width: "84px" },
              { header: texts.agents.state, wraps: true },
              { header: texts.agents.created, width: "130px", from: "md" },
              { header: texts.agents.underWay, width: "92px", align: "end", from: "sm" },
              { header: texts.agents.confirmed, width: "92px", align: "end", from: "sm" },
              { header: texts.agents.failed, width: "92px", align: "end", from: "sm" },
            ]}
            rows={releases.map((release) => ({
              key: release.version,
              cells: [
                release.version,
                <RolloutState key="state" release={release} />,
                <Ago key="created" at={release.createdAt} />,
                format.number(release.underWay),
                format.number(release.confirmed),
                format.number(release.failed),
              ],
              values: [release.version, stateOf(release, texts), release.createdAt, release.underWay, release.confirmed, release.failed],
            }))}
          />
        )}
      </Section>
      {problems.length > 0 && (
        <Section title={texts.agents.problems}>
          <CsvTable
            id="agent-problems"
            label={texts.agents.problems}
            columns={[
              { header: texts.agents.folder, width: "30%", wraps: true },
              { header: texts.agents.reason, wraps: true },
            ]}
            rows={problems.map(({ folder, problem }) => ({
              key: folder,
              cells: [folder, <Problem key="problem" problem={problem} />],
              values: [folder, problem],
            }))}
          />
        </Section>
      )}
      <Section title={texts.agents.versions}>
        <CsvTable
          id="agent-versions"
          label={texts.agents.versions}
          columns={[{ header: texts.agents.version }, { header: texts.agents.devices, width: "30%", align: "end" }]}
          rows={versions.map(({ version, devices }) => ({
            key: version,
            cells: [version || <span className="dimmed">{texts.agents.noVersion}</span>, format.number(devices)],
            values: [version, devices],
          }))}
        />
      </Section>
    </>
  );
}

/** @param problem a code, a colon and what the server found, in English */
function Problem({ problem }: { problem: string }) {
  const { texts } = useSpeech();
  const words = texts.agents.codes[problem.split(":", 1)[0]!];
  return words === undefined ? (
    problem
  ) : (
    <>
      {words}
      <div className="dimmed" lang="en">
        {problem}
      </div>
    </>
  );
}

const marks = { paused: "warning", halted: "failure" } as const;

function stateOf({ rollout }: Release, { agents }: Texts): string {
  return rollout ? `${agents.states[rollout.state]}, ${agents.rings[rollout.stage]}` : agents.notBegun;
}

function RolloutState({ release }: { release: Release }) {
  const { texts, format } = useSpeech();
  const { rollout } = release;
  const words = stateOf(release, texts);
  if (!rollout) return words;
  const { state, failedDevices, endedDevices } = rollout;
  return (
    <>
      {state === "running" || state === "finished" ? words : <StateMark state={marks[state]}>{words}</StateMark>}
      {state === "halted" && failedDevices !== null && endedDevices !== null && (
        <div className="dimmed">{texts.agents.haltReason(format.number(failedDevices), format.number(endedDevices))}</div>
      )}
      <Actions release={release} />
    </>
  );
}

function Actions({ release: { version, rollout } }: { release: Release }) {
  const { texts } = useSpeech();
  const change = useChange("changeAgentRollout", { touches: ["listAgentReleases"], message: () => texts.agents.changed });
  if (!rollout || rollout.state === "finished") return null;
  const act = (action: "pause" | "resume" | "advance") => change.mutate({ params: { version }, body: { action } });
  const isRunning = rollout.state === "running";
  return (
    <Allowed to="settings:write" of={null}>
      <Group gap={6} my={4}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={isRunning ? texts.agents.pauseOf(version) : texts.agents.resumeOf(version)}
          disabled={change.isPending}
          onClick={() => act(isRunning ? "pause" : "resume")}
        >
          {isRunning ? texts.agents.pause : texts.agents.resume}
        </Button>
        {rollout.stage !== "all" && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={texts.agents.advanceOf(version)}
            disabled={change.isPending}
            onClick={() => act("advance")}
          >
            {texts.agents.advance}
          </Button>
        )}
      </Group>
    </Allowed>
  );
}
