/** Who would be told of a finding, when and why: by the same rules as for real. */
import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { useCustomers, useScope } from "../../app/customers.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./on-call.module.css";

export function Preview() {
  const { texts, checkTexts, format } = useSpeech();
  const { routing } = texts;
  const customers = useCustomers();
  const scope = useScope();
  const [chosen, setCustomerId] = useState<string | null>(null);
  const customerId = chosen ?? scope ?? customers.data?.[0]?.customerId;
  const [check, setCheck] = useState<string>(deviceCheckId);
  const [severity, setSeverity] = useState<"warning" | "failure">("failure");
  const [at, setAt] = useState("");
  const checks = useQuery({ ...query("listChecks"), staleTime: 600_000 });
  const atIso = at && !Number.isNaN(Date.parse(at)) ? new Date(at).toISOString() : undefined;
  const { data, error } = useQuery({
    ...query("previewRouting", { query: { check, severity, ...(customerId ? { customerId } : {}), ...(atIso ? { at: atIso } : {}) } }),
    retry: false,
  });
  return (
    <Section title={routing.preview} note={routing.previewLead}>
      <div className={styles["form"]}>
        <Select
          label={texts.recipients.customer}
          searchable
          limit={100}
          data={(customers.data ?? []).map((customer) => ({ value: customer.customerId, label: customer.name }))}
          value={customerId ?? null}
          onChange={setCustomerId}
        />
        <Select
          label={routing.check}
          searchable
          allowDeselect={false}
          data={[deviceCheckId, ...(checks.data?.items ?? []).map((item) => item.check)].map((id) => ({
            value: id,
            label: checkTexts(id).name,
          }))}
          value={check}
          onChange={(id) => setCheck(id ?? check)}
        />
        <Select
          label={routing.severity}
          allowDeselect={false}
          data={(["warning", "failure"] as const).map((one) => ({ value: one, label: texts.states[one] }))}
          value={severity}
          onChange={(one) => setSeverity(one === "warning" ? "warning" : "failure")}
        />
        <TextInput type="datetime-local" label={routing.at} value={at} onChange={(event) => setAt(event.currentTarget.value)} />
      </div>
      {error && <ErrorNote error={error} />}
      {data?.onCallNobody && <p>{routing.nobodyOnCall}</p>}
      {data && (
        <PlainTable
          label={routing.preview}
          stacks
          columns={[
            { header: routing.who, wraps: true },
            { header: routing.channel, width: "130px", from: "md" },
            { header: routing.when, width: "160px" },
            { header: routing.why, wraps: true },
          ]}
          rows={data.answers.map((answer, index) => ({
            key: String(index),
            cells: [
              answer.name,
              routing.channels[answer.channel],
              answer.at === null ? <span className="dimmed">{routing.notTold}</span> : format.dateTime(Date.parse(answer.at)),
              [answer.step === null ? "" : routing.step(answer.step), routing.whyWords[answer.why], answer.place]
                .filter(Boolean)
                .join(", "),
            ],
          }))}
        />
      )}
    </Section>
  );
}
