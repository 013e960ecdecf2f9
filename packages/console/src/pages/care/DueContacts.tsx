/** Whom somebody has to speak to, most urgent first. */
import type { DueContact } from "@hauswart/protocol/api/contacts.ts";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { CustomerLink } from "../../components/links.tsx";
import { useNow } from "../../components/now.ts";
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./care.module.css";
import { touchedByCare } from "./touched.ts";

export function DueContacts({ due }: { due: readonly DueContact[] }) {
  const texts = useTexts();
  return (
    <CsvTable
      id="due-contacts"
      label={texts.care.due}
      columns={[
        { header: texts.care.dueAt, width: "104px" },
        { header: texts.care.what, wraps: true },
        { header: texts.care.customer, width: "20%", from: "sm" },
        { header: texts.care.device, width: "16%", from: "md" },
        { header: texts.care.done, width: "90px", isHeaderHidden: true, from: "sm" },
      ]}
      rows={due.map((one) => ({
        key: `${one.kind} ${one.contactId ?? one.findingId}`,
        cells: cellsOf(one),
        values: [one.dueAt, whatOf(one), one.customerName, one.deviceName],
      }))}
    />
  );
}

/** The finding, after the step that was agreed for it. */
const whatOf = ({ kind, nextStep, title }: DueContact) => (kind === "next-step" ? `${nextStep}: ${title}` : title);

function cellsOf(one: DueContact) {
  return [
    <DueAt key="due" due={one} />,
    <What key="what" due={one} />,
    <CustomerLink key="customer" customerId={one.customerId}>
      {one.customerName}
    </CustomerLink>,
    one.deviceName,
    one.contactId && <DoneButton key="done" contactId={one.contactId} />,
  ];
}

/** In words that need no colour; the exact moment on hover. */
function DueAt({ due: { dueAt, isOverdue } }: { due: DueContact }) {
  const { texts, format, relative } = useSpeech();
  const now = useNow();
  const atMs = Date.parse(dueAt);
  return (
    <time
      dateTime={dueAt}
      title={`${format.dateTime(atMs)}, ${relative.ago(atMs, now)}`}
      className={isOverdue ? styles["overdue"] : undefined}
    >
      {isOverdue ? <strong>{texts.care.overdue}</strong> : relative.agoShort(atMs, now)}
    </time>
  );
}

function What({ due }: { due: DueContact }) {
  const texts = useTexts();
  return (
    <>
      <StateShape state={due.findingOpen ? due.severity : "ok"} />{" "}
      <Link to="/findings" search={{ state: "all", finding: due.findingId }} title={due.findingOpen ? undefined : texts.care.findingClosed}>
        {whatOf(due)}
      </Link>
    </>
  );
}

function DoneButton({ contactId }: { contactId: string }) {
  const texts = useTexts();
  const finish = useChange("finishContactStep", { touches: touchedByCare, message: () => texts.care.doneToast });
  return (
    <Allowed to="findings:write">
      <Button variant="default" size="compact-xs" loading={finish.isPending} onClick={() => finish.mutate({ params: { contactId } })}>
        {texts.care.done}
      </Button>
    </Allowed>
  );
}
