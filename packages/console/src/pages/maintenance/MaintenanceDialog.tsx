/** Plans maintenance, or changes it: what, for what, when, and what happens after it. */
import type { MaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import type { MaintenanceScope } from "@hauswart/protocol/api/models.ts";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query, wholeList } from "../../api/queries.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { localText, ownTimeZone } from "../../components/local-text.ts";
import { MetNote } from "../../components/revision/MetNote.tsx";
import { useRevised } from "../../components/revision/use-revised.ts";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./maintenance.module.css";
import { formOf, repeatChoices, scheduleOf, type ScheduleForm } from "./schedule.ts";
import { Target } from "./Target.tsx";
import { maintenanceTouches } from "./touches.ts";

export interface MaintenanceTarget {
  readonly scope: MaintenanceScope;
  readonly scopeId: string;
}

const lengths = [0.5, 1, 2, 3, 4, 6, 8, 12, 24, 48];
const graces = [0, 15, 30, 60, 120];
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const hourMs = 3_600_000;

/** @param target given when it is opened at a device or a site; chosen in the dialog otherwise. */
export function MaintenanceDialog({ target, onClose }: { target?: MaintenanceTarget; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState("");
  const [meant, setMeant] = useState<MaintenanceTarget>(target ?? { scope: "customer", scopeId: "" });
  const settings = useQuery(query("getSettings"));
  // Devices of several places begin together, by the house's clock.
  const timeZone = settings.data?.timeZone;
  const [nextHourMs] = useState(() => Math.ceil(Date.now() / hourMs) * hourMs);
  const [entered, setEntered] = useState<ScheduleForm>();
  const first = { startsAt: timeZone ? localText(timeZone, nextHourMs) : "", hours: 2, repeat: "once", weekdays: [], until: "" } as const;
  const form = entered ?? first;
  const [grace, setGrace] = useState(15);
  const [isKept, setKept] = useState(false);
  const schedule = timeZone && scheduleOf(form, timeZone);
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
      error={create.error ?? settings.error}
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
      {timeZone && <When form={form} timeZone={timeZone} onChange={setEntered} />}
      <After grace={grace} isKept={isKept} onChange={(change) => ("grace" in change ? setGrace(change.grace) : setKept(change.isKept))} />
    </FormDialog>
  );
}

interface Draft extends ScheduleForm {
  readonly name: string;
  readonly grace: number;
  readonly isKept: boolean;
}

const draftOf = ({ name, graceMinutes, afterEnd, schedule }: MaintenanceWindow): Draft => ({
  ...formOf(schedule),
  name,
  grace: graceMinutes,
  isKept: afterEnd === "keep",
});

/** Changes a window. What runs keeps its end; a new schedule holds from the next time on. */
export function EditMaintenanceDialog({ window, onClose }: { window: MaintenanceWindow; onClose: () => void }) {
  const texts = useTexts();
  const { maintenance } = texts;
  const { maintenanceWindowId } = window;
  const revised = useRevised({
    item: window,
    draftOf,
    latest: async () =>
      (await wholeList("listMaintenanceWindows", { query: { state: "all" } })).find(
        (one) => one.maintenanceWindowId === maintenanceWindowId,
      ),
  });
  const { base, draft, set, changes } = revised;
  const { name, grace, isKept, ...form } = draft;
  const schedule = scheduleOf(form, base.schedule.timeZone);
  const { name: _, grace: __, isKept: ___, ...scheduleChanges } = changes;
  const save = useChange("changeMaintenanceWindow", {
    touches: maintenanceTouches,
    quiet: true,
    message: (saved) => maintenance.changed(saved.name),
    onDone: onClose,
  });
  const submit = () => {
    const body = {
      revision: base.revision,
      ...(changes.name === undefined ? {} : { name: name.trim() }),
      ...(changes.grace === undefined ? {} : { graceMinutes: grace }),
      ...(changes.isKept === undefined ? {} : { afterEnd: isKept ? ("keep" as const) : ("tell" as const) }),
      ...(Object.keys(scheduleChanges).length > 0 && schedule ? { schedule } : {}),
    };
    save.mutate({ params: { maintenanceWindowId }, body }, revised.orMeet(save));
  };
  return (
    <FormDialog
      title={texts.shell.editOf(window.name)}
      action={texts.shell.save}
      error={save.error}
      isPending={save.isPending}
      isIncomplete={name.trim() === "" || !schedule || Object.keys(changes).length === 0}
      isWide
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={maintenance.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <When form={form} timeZone={base.schedule.timeZone} onChange={set} />
      {base.current && <p className="dimmed">{maintenance.changeHelp}</p>}
      <After grace={grace} isKept={isKept} onChange={set} />
      <MetNote
        revised={revised}
        labels={{
          name: maintenance.name,
          grace: maintenance.grace,
          isKept: maintenance.keep,
          startsAt: maintenance.startsAt,
          hours: maintenance.length,
          repeat: maintenance.repeat,
          weekdays: maintenance.weekdays,
          until: maintenance.until,
        }}
      />
    </FormDialog>
  );
}

interface AfterProps {
  readonly grace: number;
  readonly isKept: boolean;
  readonly onChange: (change: { grace: number } | { isKept: boolean }) => void;
}

function After({ grace, isKept, onChange }: AfterProps) {
  const { maintenance } = useTexts();
  return (
    <>
      <Select
        label={maintenance.grace}
        description={maintenance.graceHelp}
        allowDeselect={false}
        data={withOwn(graces, grace).map((minutes) => ({
          value: String(minutes),
          label: minutes === 0 ? maintenance.graceNone : maintenance.hours(minutes / 60),
        }))}
        value={String(grace)}
        onChange={(chosen) => onChange({ grace: Number(chosen ?? grace) })}
      />
      <Checkbox
        label={maintenance.keep}
        description={maintenance.keepHelp}
        checked={isKept}
        onChange={(event) => onChange({ isKept: event.currentTarget.checked })}
      />
    </>
  );
}

/** The usual choices, and what was set otherwise. */
const withOwn = (usual: readonly number[], own: number) =>
  usual.includes(own) ? usual : [...usual, own].sort((one, other) => one - other);

interface WhenProps {
  readonly form: ScheduleForm;
  /** Where its times are meant, IANA name. */
  readonly timeZone: string;
  readonly onChange: (form: ScheduleForm) => void;
}

function When({ form, timeZone, onChange }: WhenProps) {
  const texts = useTexts();
  const set = (change: Partial<ScheduleForm>) => onChange({ ...form, ...change });
  const isWeekly = form.repeat === "weekly" || form.repeat === "fortnightly";
  return (
    <>
      <div className={styles["pair"]}>
        <TextInput
          type="datetime-local"
          label={texts.maintenance.startsAt}
          description={timeZone === ownTimeZone() ? undefined : texts.maintenance.timeIn(timeZone)}
          required
          value={form.startsAt}
          onChange={(event) => set({ startsAt: event.currentTarget.value })}
        />
        <Select
          label={texts.maintenance.length}
          allowDeselect={false}
          data={withOwn(lengths, form.hours).map((hours) => ({ value: String(hours), label: texts.maintenance.hours(hours) }))}
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
