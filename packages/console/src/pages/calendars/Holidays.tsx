/** The holidays of a list in a year: added, renamed, halved, taken out and put back in. */
import type { HolidayDay } from "@hauswart/protocol/api/calendars.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./calendars.module.css";
import { DayDialog, holidayTouches } from "./DayDialog.tsx";
import { writeSpans } from "./spans.ts";

type Lists = ResponseOf<"listCalendars">;

const thisYear = new Date().getFullYear();
const years = Array.from({ length: 6 }, (_, index) => String(thisYear - 2 + index));

export function Holidays({ lists }: { lists: Lists }) {
  const { calendars: texts } = useTexts();
  const [chosen, setChosen] = useState<string | null>(null);
  const [year, setYear] = useState(String(thisYear));
  const [dialog, setDialog] = useState<"list" | "rename" | "delete" | "day" | HolidayDay | null>(null);
  const set = lists.holidaySets.find(({ holidaySetId }) => holidaySetId === chosen) ?? lists.holidaySets[0];
  const close = () => setDialog(null);
  return (
    <Section
      title={texts.lists}
      actions={
        <Allowed to="settings:write" of={null}>
          <Button variant="default" onClick={() => setDialog("list")}>
            {texts.addList}
          </Button>
          {set && (
            <>
              <Button variant="default" onClick={() => setDialog("rename")}>
                {texts.renameList}
              </Button>
              <Button variant="default" onClick={() => setDialog("delete")}>
                {texts.deleteList}
              </Button>
              <Button variant="default" onClick={() => setDialog("day")}>
                {texts.addDay}
              </Button>
            </>
          )}
        </Allowed>
      }
    >
      {set && (
        <>
          <div className={styles["choices"]}>
            <Select
              label={texts.list}
              w={280}
              allowDeselect={false}
              data={lists.holidaySets.map(({ holidaySetId, name }) => ({ value: holidaySetId, label: name }))}
              value={set.holidaySetId}
              onChange={setChosen}
            />
            <Select
              label={texts.year}
              w={96}
              allowDeselect={false}
              data={years}
              value={year}
              onChange={(value) => setYear(value ?? year)}
            />
            <span className="dimmed">
              {texts.source}: {set.source === null ? texts.ownOnly : texts.sourceName(set.source)}
            </span>
          </div>
          <Days holidaySetId={set.holidaySetId} year={Number(year)} onEdit={setDialog} />
        </>
      )}
      {dialog === "list" && <ListDialog sources={lists.sources} onClose={close} onMade={setChosen} />}
      {set && dialog === "rename" && <RenameDialog set={set} onClose={close} />}
      {set && dialog === "delete" && <DeleteDialog set={set} onClose={close} />}
      {set && (dialog === "day" || (dialog !== null && typeof dialog === "object")) && (
        <DayDialog holidaySetId={set.holidaySetId} holiday={dialog === "day" ? `${year}-12-24` : dialog} onClose={close} />
      )}
    </Section>
  );
}

function Days({ holidaySetId, year, onEdit }: { holidaySetId: string; year: number; onEdit: (day: HolidayDay) => void }) {
  const { texts: words, writeDay } = useSpeech();
  const texts = words.calendars;
  const { data, error, refetch } = useQuery(query("listHolidays", { params: { holidaySetId }, query: { year } }));
  const remove = useChange("deleteHoliday", { touches: holidayTouches });
  const put = useChange("putHoliday", { touches: holidayTouches });
  if (!data) return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />;
  if (data.holidays.length === 0) return <Empty title={texts.noDays}>{texts.noDaysHelp}</Empty>;
  return (
    <PlainTable
      label={`${texts.lists} ${year}`}
      columns={[
        { header: texts.day, width: "96px" },
        { header: texts.dayName, wraps: true },
        { header: texts.kind, width: "30%", from: "sm" },
        { header: texts.edit, width: "160px", align: "end", isHeaderHidden: true },
      ]}
      rows={data.holidays.map((holiday) => ({
        key: holiday.day,
        cells: [
          writeDay.short(holiday.day),
          <DayName key="name" holiday={holiday} />,
          holiday.isRemoved ? texts.isOut : writeSpans(holiday.spans) || texts.closedAllDay,
          <Allowed key="edit" to="settings:write" of={null}>
            {holiday.isRemoved ? (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`${texts.putBack}: ${holiday.name}`}
                onClick={() =>
                  put.mutate({ params: { holidaySetId, day: holiday.day }, body: { name: holiday.name, spans: holiday.spans } })
                }
              >
                {texts.putBack}
              </Button>
            ) : (
              <>
                <Button variant="subtle" size="compact-xs" aria-label={texts.editTitle(holiday.name)} onClick={() => onEdit(holiday)}>
                  {texts.edit}
                </Button>
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={`${texts.takeOut}: ${holiday.name}`}
                  title={texts.takeOut}
                  onClick={() => remove.mutate({ params: { holidaySetId, day: holiday.day } })}
                >
                  <X size={14} aria-hidden />
                </ActionIcon>
              </>
            )}
          </Allowed>,
        ],
      }))}
    />
  );
}

function DayName({ holiday: { name, isRemoved, isFromSource, isEdited } }: { holiday: HolidayDay }) {
  const { calendars: texts } = useTexts();
  const note = isRemoved ? texts.isOut : isFromSource ? (isEdited ? texts.isEdited : "") : texts.isOwn;
  return (
    <>
      {isRemoved ? <s>{name}</s> : name} {note && <span className="dimmed">{note}</span>}
    </>
  );
}

type HolidaySet = Lists["holidaySets"][number];

function RenameDialog({ set: { holidaySetId, name: before }, onClose }: { set: HolidaySet; onClose: () => void }) {
  const { calendars: texts, shell } = useTexts();
  const [name, setName] = useState(before);
  const change = useChange("changeHolidaySet", { touches: ["listCalendars"], quiet: true, onDone: onClose });
  return (
    <FormDialog
      title={texts.editTitle(before)}
      action={shell.save}
      error={change.error}
      isPending={change.isPending}
      isIncomplete={name.trim() === ""}
      onSubmit={() => change.mutate({ params: { holidaySetId }, body: { name } })}
      onClose={onClose}
    >
      <TextInput
        label={texts.name}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

/** Asked for although it is in use, the server says who uses it. */
function DeleteDialog({ set: { holidaySetId, name }, onClose }: { set: HolidaySet; onClose: () => void }) {
  const { calendars: texts } = useTexts();
  const remove = useChange("deleteHolidaySet", {
    touches: ["listCalendars"],
    quiet: true,
    message: () => texts.listDeleted(name),
    onDone: onClose,
  });
  return (
    <Confirm
      title={texts.deleteListTitle(name)}
      action={texts.deleteList}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ params: { holidaySetId } })}
      onClose={onClose}
    >
      <p>{texts.deleteListLead}</p>
      {remove.error && <ErrorNote error={remove.error} />}
    </Confirm>
  );
}

function ListDialog({ sources, onClose, onMade }: { sources: readonly string[]; onClose: () => void; onMade: (id: string) => void }) {
  const { calendars: texts } = useTexts();
  const [source, setSource] = useState<string | null>(null);
  const [name, setName] = useState("");
  const create = useChange("createHolidaySet", {
    touches: ["listCalendars"],
    quiet: true,
    onDone: ({ holidaySetId }) => {
      onMade(holidaySetId);
      onClose();
    },
  });
  return (
    <FormDialog
      title={texts.addList}
      action={texts.addList}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={name.trim() === ""}
      onSubmit={() => create.mutate({ body: { name, source } })}
      onClose={onClose}
    >
      <Select
        label={texts.source}
        placeholder={texts.ownOnly}
        clearable
        searchable
        data={sources.map((one) => ({ value: one, label: texts.sourceName(one) }))}
        value={source}
        onChange={(value) => {
          setSource(value);
          if (value !== null && name === "") setName(texts.sourceName(value));
        }}
      />
      <TextInput label={texts.name} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
    </FormDialog>
  );
}
