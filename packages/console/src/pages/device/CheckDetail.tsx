/** An opened check: its subjects, its values over time, and why it is here with these settings. */
import type { Device, DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import CheckGraph, { ranges, useGraphEnd, type Range } from "../../components/graph/CheckGraph.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { CheckSparkline } from "./CheckSparkline.tsx";
import { subjectsOf } from "../../features/device-checks.ts";
import { useSourceWords } from "./CheckList.tsx";
import styles from "./device.module.css";

const route = getRouteApi("/app/devices/$deviceId");
const rangeNames = Object.keys(ranges) as Range[];

export default function CheckDetail({ device, check }: { device: Device; check: DeviceCheck }) {
  const { checkTexts } = useSpeech();
  const { description } = checkTexts(check.check);
  return (
    <div className={styles["detail"]}>
      {description && <p className="dimmed">{description}</p>}
      <Subjects device={device} check={check} />
      <Values device={device} check={check} />
      <Settings check={check} />
    </div>
  );
}

function Subjects({ device, check }: { device: Device; check: DeviceCheck }) {
  const { texts, checkTexts } = useSpeech();
  const about = checkTexts(check.check);
  const subjects = subjectsOf(check, about.headline);
  if (subjects.length === 0 || (subjects.length === 1 && subjects[0]!.subject === "")) return null;
  const isListed = about.headline.includes(".");
  return (
    <PlainTable
      label={texts.device.subject}
      columns={[
        { header: texts.device.state, width: "118px" },
        { header: texts.device.subject, width: "28%", wraps: true },
        { header: texts.device.value, wraps: true },
        ...(isListed ? [{ header: texts.device.last24, width: "140px", from: "md" as const }] : []),
      ]}
      rows={subjects.map((one) => ({
        key: one.subject,
        cells: [
          <StateMark key="state" state={one.state} />,
          isListed ? (
            <Link
              key="subject"
              from="/devices/$deviceId"
              to="/devices/$deviceId"
              search={(before) => ({ ...before, subject: one.subject })}
              replace
            >
              {one.subject || texts.device.whole}
            </Link>
          ) : (
            one.subject || texts.device.whole
          ),
          about.summary(one),
          ...(isListed ? [<CheckSparkline key="line" deviceId={device.deviceId} check={check} subject={one.subject} />] : []),
        ],
      }))}
    />
  );
}

/** The graph with its choices: time, value, subject. All of them stand in the address. */
function Values({ device, check }: { device: Device; check: DeviceCheck }) {
  const { texts, checkTexts } = useSpeech();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const about = checkTexts(check.check);
  const range = search.range ?? "24h";
  const to = useGraphEnd();
  // An hour is enough to learn which series there are.
  const { data } = useQuery({
    ...query("getSeries", {
      params: { deviceId: device.deviceId, number: check.number },
      query: { from: new Date((to - 86_400) * 1_000).toISOString(), to: new Date(to * 1_000).toISOString() },
    }),
    staleTime: 300_000,
  });
  const all = data?.series ?? [];
  const fields = [...new Set(all.map((one) => one.field))];
  const field = fields.find((one) => one === search.field) ?? (fields.includes(about.headline) ? about.headline : fields[0]);
  const subjects = [...new Set(all.filter((one) => one.field === field).map((one) => one.subject))];
  const worst = subjectsOf(check, about.headline)[0]?.subject;
  const subject = [search.subject, worst].find((one) => one !== undefined && subjects.includes(one)) ?? subjects[0];
  if (data && (field === undefined || subject === undefined)) return <p className="dimmed">{texts.device.noSeries}</p>;
  return (
    <div>
      <div className={styles["graphHead"]}>
        <h3>{texts.device.graph}</h3>
        {subjects.length > 1 && (
          <Select
            aria-label={texts.device.subject}
            w={180}
            allowDeselect={false}
            data={subjects.map((value) => ({ value, label: value || texts.device.whole }))}
            value={subject ?? null}
            onChange={(chosen) => void navigate({ search: (before) => ({ ...before, subject: chosen ?? undefined }), replace: true })}
          />
        )}
        {fields.length > 1 && (
          <Select
            aria-label={texts.device.value}
            w={260}
            allowDeselect={false}
            data={fields.map((one) => ({ value: one, label: about.fieldLabel(one) }))}
            value={field ?? null}
            onChange={(chosen) => void navigate({ search: (before) => ({ ...before, field: chosen ?? undefined }), replace: true })}
          />
        )}
        <SegmentedControl
          aria-label={texts.device.graph}
          data={rangeNames.map((name) => ({ value: name, label: texts.device.ranges[name] }))}
          value={range}
          onChange={(chosen) =>
            void navigate({ search: (before) => ({ ...before, range: rangeNames.find((name) => name === chosen) }), replace: true })
          }
        />
      </div>
      {field !== undefined && subject !== undefined && (
        <CheckGraph deviceId={device.deviceId} check={check} range={range} field={field} subject={subject} />
      )}
    </div>
  );
}

function Settings({ check }: { check: DeviceCheck }) {
  const { texts, checkTexts } = useSpeech();
  const about = checkTexts(check.check);
  const sourceWords = useSourceWords();
  const common: Record<string, string> = texts.device.commonSettings;
  // What somebody decided comes first; then the check's own defaults.
  const isOwn = (name: string) => (check.sources[name]?.policyId ? 0 : 1);
  const entries = Object.entries(check.settings)
    // Nothing is set, or a policy has set that there is none.
    .filter(([name, value]) => value !== null || check.sources[name]?.policyId)
    .sort(([one], [other]) => isOwn(one) - isOwn(other));
  if (entries.length === 0) return null;
  return (
    <div>
      <h3>{texts.device.why}</h3>
      <PlainTable
        label={texts.device.why}
        columns={[
          { header: texts.device.setting, wraps: true },
          { header: texts.device.settingValue, width: "24%" },
          { header: texts.device.source, width: "36%", wraps: true },
        ]}
        rows={entries.map(([name, value]) => {
          const source = check.sources[name];
          const words = sourceWords(source);
          return {
            key: name,
            cells: [
              <span key="name" title={about.settingHelp(name)}>
                {common[name] ?? about.settingLabel(name)}
              </span>,
              <span key="value" title={about.settingValue(name, value)}>
                {about.settingValue(name, value)}
              </span>,
              source?.policyId ? (
                <Link
                  key="source"
                  to="/policies/$policyId"
                  params={{ policyId: source.policyId }}
                  search={{ check: check.check }}
                  title={words}
                >
                  {words}
                </Link>
              ) : (
                <span key="source" className="dimmed">
                  {words}
                </span>
              ),
            ],
          };
        })}
      />
    </div>
  );
}
