/** Filters that come with a link and not from a field: shown by name, and taken off with a click. */
import { CloseButton } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

const route = getRouteApi("/app/findings");

/** Milliseconds of a moment that stands in the address; undefined for none, and for what is no moment. */
export function momentOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

export function FindingChips() {
  const { texts, format } = useSpeech();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const changed = momentOf(search.changed);
  const until = momentOf(search.until);
  const chips = [
    ...(search.hold === undefined ? [] : [{ name: "hold" as const, words: texts.findings.holdFilters[search.hold] }]),
    ...(search.drills === undefined ? [] : [{ name: "drills" as const, words: texts.findings.withoutDrills }]),
    ...(search.window === undefined ? [] : [{ name: "window" as const, words: texts.findings.ofWindow }]),
    ...(changed === undefined ? [] : [{ name: "changed" as const, words: texts.keys.changedSince(format.dateTime(changed)) }]),
    ...(until === undefined ? [] : [{ name: "until" as const, words: texts.keys.endsUntil(format.dateTime(until)) }]),
  ];
  return chips.map(({ name, words }) => (
    <span key={name} className={styles["chip"]}>
      {words}
      <CloseButton
        size={18}
        aria-label={texts.keys.dropFilter(words)}
        onClick={() =>
          void navigate({
            search: (before) => ({ ...before, [name]: undefined, state: before.state === "all" ? undefined : before.state }),
          })
        }
      />
    </span>
  ));
}
