/** Plans maintenance: what, for what, when, and what happens after it. */
import type { MaintenanceScope } from "@hauswart/protocol/api/models.ts";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./maintenance.module.css";
import { repeatChoices, scheduleOf, type ScheduleForm } from "./schedule.ts";
import { Target } from "./Target.tsx";
import { maintenanceTouches } from "./touches.ts";

export interface MaintenanceTarget {
  readonly scope: MaintenanceScope;
  readonly scopeId: string;
}

const lengths = [0.5, 1, 2, 3, 4, 6, 8, 12, 24, 48];
const graces = [0, 15, 30, 60, 120];
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** The next full hour, as a field for date and time takes it. */
function nextHour(): string {
  const at = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param target given when it is opened at a device or a site; chosen in the dialog otherwise. */
export function MaintenanceDialog({ target, onClose }: { target?: MaintenanceTarget; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState("");
  const [meant, setMeant] = useState<MaintenanceTarget>(target ?? { scope: "customer", scopeId: "" });
  const settings = useQuery(query("getSettings"));
  const [form, setForm] = useState<ScheduleForm>({ startsAt: nextHour(), hours: 2, repeat: "once", weekdays: [], until: "", timeZone: "" });
  const [grace, setGrace] = useState(15);
  const [isKept, setKept] = useState(false);
  const schedule = scheduleOf({ ...form, timeZone: settings.data?.timeZone ?? "Europe/Berlin" });
  const create = useChange("createMaintenanceWindow", {
    touches: maintenanceTouches,
    quiet: true,
    message: (made) => texts.maintenance.planned(made.name),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.maintenance.plan}
      action={texts.maintenance.plan}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={name.trim() === "" || !schedule || (meant.scope !== "provider" && meant.scopeId.trim() === "")}
      isWide
      onSubmit={() =>
        schedule &&
        create.mutate({
          body: { ...meant, name, graceMinutes: grace, afterEnd: isKept ? "keep" : "tell", when: { kind: "planned", schedule } },
        })
      }
      onClose={onClose}
    >
      <TextInput
        label={texts.maintenance.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {!target && <Target target={meant} onChange={setMeant} />}
      <When form={form} onChange={setForm} />
      <Select
        label={texts.maintenance.grace}
        description={texts.maintenance.graceHelp}
        allowDeselect={false}
        data={graces.map((minutes) => ({
          value: String(minutes),
          label: minutes === 0 ? texts.maintenance.graceNone : texts.maintenance.hours(minutes / 60),
        }))}
        value={String(grace)}
        onChange={(chosen) => setGrace(Number(chosen ?? grace))}
      />
      <Checkbox
        label={texts.maintenance.keep}
        description={texts.maintenance.keepHelp}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

function When({ form, onChange }: { form: ScheduleForm; onChange: (form: ScheduleForm) => void }) {
  const texts = useTexts();
  const set = (change: Partial<ScheduleForm>) => onChange({ ...form, ...change });
  const isWeekly = form.repeat === "weekly" || form.repeat === "fortnightly";
  return (
    <>
      <div className={styles["pair"]}>
        <TextInput
          type="datetime-local"
          label={texts.maintenance.startsAt}
          required
          value={form.startsAt}
          onChange={(event) => set({ startsAt: event.currentTarget.value })}
        />
        <Select
          label={texts.maintenance.length}
          allowDeselect={false}
          data={lengths.map((hours) => ({ value: String(hours), label: texts.maintenance.hours(hours) }))}
          value={String(form.hours)}
          onChange={(chosen) => set({ hours: Number(chosen ?? form.hours) })}
        />
      </div>
      <div className={styles["pair"]}>
        <Select
          label={texts.maintenance.repeat}
          allowDeselect={false}
          data={repeatChoices.map((one) => ({ value: one, label: texts.maintenance.repeats[one] }))}
          value={form.repeat}
          onChange={(chosen) => set({ repeat: chosen ?? form.repeat })}
        />
        {form.repeat !== "once" && (
          <TextInput
            type="date"
            label={texts.maintenance.until}
            value={form.until}
            onChange={(event) => set({ until: event.currentTarget.value })}
          />
        )}
      </div>
      {isWeekly && (
        <Checkbox.Group
          label={texts.maintenance.weekdays}
          value={form.weekdays.map(String)}
          onChange={(chosen) => set({ weekdays: chosen.map(Number) })}
        >
          <div className={styles["weekdays"]}>
            {weekdays.map((day) => (
              <Checkbox key={day} size="xs" value={String(day)} label={texts.maintenance.weekdayNames[day - 1]} />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </>
  );
}
