/** Filters of the audit log. They stand in the address. */
import { actorKinds } from "@hauswart/protocol/api/actor-kinds.ts";
import { auditActions } from "@hauswart/protocol/api/audit-actions.ts";
import { Pill, Select } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { DayFilter, TextFilter } from "../../components/filters.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useAuditWords } from "./audit-words.ts";

const route = getRouteApi("/app/audit");
const isAction = (code: string) => auditActions.some((action) => action === code);

export function AuditFilters() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const words = useAuditWords();
  type Name = "action" | "actor" | "kind" | "subject" | "search" | "from" | "to";
  const set = (name: Name) => (value: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, [name]: value, entry: undefined }), replace: true });
  // An address may hold the beginning of an action.
  const codes = search.action && !isAction(search.action) ? [search.action, ...auditActions] : auditActions;
  const actions = codes
    .map((value) => ({ value, label: words.action(value) }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
  return (
    <>
      <TextFilter label={texts.audit.search} value={search.search} onChange={set("search")} width={160} />
      <TextFilter label={texts.audit.actor} value={search.actor} onChange={set("actor")} width={120} />
      <Select
        aria-label={texts.audit.kind}
        placeholder={texts.audit.kind}
        w={120}
        clearable
        data={actorKinds.map((kind) => ({ value: kind, label: texts.audit.actorKinds[kind] }))}
        value={search.kind ?? null}
        onChange={(kind) => set("kind")(kind ?? undefined)}
      />
      <Select
        aria-label={texts.audit.filter}
        placeholder={texts.audit.filter}
        w={200}
        clearable
        searchable
        data={actions}
        value={search.action ?? null}
        onChange={(action) => set("action")(action ?? undefined)}
      />
      <DayFilter label={texts.audit.from} value={search.from} onChange={set("from")} />
      <DayFilter label={texts.audit.to} value={search.to} onChange={set("to")} />
      {search.subject && (
        <Pill
          withRemoveButton
          removeButtonProps={{ "aria-label": texts.audit.anySubject, "aria-hidden": false }}
          onRemove={() => set("subject")(undefined)}
        >
          {texts.audit.onlySubject}
        </Pill>
      )}
    </>
  );
}
