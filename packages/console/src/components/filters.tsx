/** Filters that several lists have: a text, and a span of days. They follow the address and reach it when the typing pauses. */
import { Button, CloseButton, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTexts } from "../texts/texts.tsx";
import { useSlowText } from "./slow-text.ts";

interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** CSS pixels. */
  readonly width?: number;
}

export function TextFilter({ label, value = "", onChange, width = 170 }: TextFilterProps) {
  const texts = useTexts();
  const [text, change] = useSlowText(value, (next) => onChange(next.trim() === "" ? undefined : next), 300);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      w={width}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      rightSection={text && <CloseButton size={18} aria-label={texts.findings.clear} onClick={() => change("")} />}
    />
  );
}

/** A day as the address holds it: 2026-11-22. */
const dayPattern = /^\d{4}-\d\d-\d\d$/;

interface DayFilterProps {
  /** One short word; it stands in the field. */
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}

export function DayFilter({ label, value = "", onChange }: DayFilterProps) {
  return (
    <TextInput
      type="date"
      aria-label={label}
      title={label}
      w={164}
      leftSection={<span aria-hidden>{label}</span>}
      leftSectionWidth={44}
      value={dayPattern.test(value) ? value : ""}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

/** A span of days, both included, as moments in the reader's time zone. */
export function momentsOf(from: string | undefined, to: string | undefined): { from: string | undefined; to: string | undefined } {
  const midnight = (day: string | undefined, daysLater: number) => {
    if (day === undefined || !dayPattern.test(day)) return undefined;
    const date = new Date(`${day}T00:00:00`);
    date.setDate(date.getDate() + daysLater);
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  };
  return { from: midnight(from, 0), to: midnight(to, 1) };
}

/** The way out of filters that leave nothing to see. The chosen customer stays. */
export function ClearFilters() {
  const texts = useTexts();
  return (
    <Button variant="default" renderRoot={(props) => <Link to="." search={({ customer }) => ({ customer })} {...props} />}>
      {texts.findings.clear}
    </Button>
  );
}
