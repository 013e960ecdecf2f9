/** Filters of the list of devices. They stand in the address. */
import { CloseButton, Select, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useScope, useSites } from "../../app/customers.ts";
import { useSlowText } from "../../components/slow-text.ts";
import { useTexts } from "../../texts/texts.tsx";

const route = getRouteApi("/app/devices");
const states = ["failure", "warning", "unknown", "ok"] as const;
const shows = ["not-measured", "unknown-checks", "open-findings", "removed"] as const;

export function DeviceFilters() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const sites = useSites(customerId);
  return (
    <>
      <SearchInput
        value={search.search ?? ""}
        onChange={(text) => void navigate({ search: (before) => ({ ...before, search: text || undefined }), replace: true })}
      />
      <Select
        aria-label={texts.devices.state}
        placeholder={texts.devices.anyState}
        w={150}
        clearable
        data={states.map((state) => ({ value: state, label: texts.states[state] }))}
        value={search.state ?? null}
        onChange={(state) => void navigate({ search: (before) => ({ ...before, state: states.find((one) => one === state) }) })}
      />
      {customerId && (
        <Select
          aria-label={texts.devices.site}
          placeholder={texts.devices.anySite}
          w={180}
          clearable
          searchable
          data={(sites.data ?? []).map(({ siteId, name }) => ({ value: siteId, label: name }))}
          value={search.site ?? null}
          onChange={(site) => void navigate({ search: (before) => ({ ...before, site: site ?? undefined }) })}
        />
      )}
      <Select
        aria-label={texts.answers.show}
        placeholder={texts.answers.showAll}
        w={190}
        clearable
        data={shows.map((show) => ({ value: show, label: texts.answers.shows[show] }))}
        value={search.show ?? null}
        onChange={(show) => void navigate({ search: (before) => ({ ...before, show: shows.find((one) => one === show) }) })}
      />
      <TagInput
        value={search.tag ?? ""}
        onChange={(tag) => void navigate({ search: (before) => ({ ...before, tag: tag || undefined }), replace: true })}
      />
    </>
  );
}

function SearchInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const texts = useTexts();
  const [text, setText] = useSlowText(value, onChange, 250);
  return (
    <TextInput
      aria-label={texts.devices.search}
      placeholder={texts.devices.search}
      w={280}
      leftSection={<Search size={13} aria-hidden />}
      rightSection={text && <CloseButton size={18} aria-label={texts.devices.clear} onClick={() => setText("")} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function TagInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const texts = useTexts();
  const [text, setText] = useSlowText(value, onChange, 250);
  return (
    <TextInput
      aria-label={texts.devices.tag}
      placeholder={texts.devices.anyTag}
      w={150}
      rightSection={text && <CloseButton size={18} aria-label={texts.devices.clear} onClick={() => setText("")} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
