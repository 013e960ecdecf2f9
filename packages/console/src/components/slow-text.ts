/** A text of a filter: it follows the address, and reaches it when the typing pauses. */
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

/** @param pauseMs how long nothing may be typed before the address is told, milliseconds. @returns the text, and how it is changed. */
export function useSlowText(value: string, onChange: (text: string) => void, pauseMs: number): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  /** What comes back from the address later, when somebody may have typed on. */
  const told = useRef<string[]>([]);
  const tell = useDebouncedCallback((next: string) => {
    if (next !== value) told.current.push(next);
    onChange(next);
  }, pauseMs);
  useEffect(() => {
    const place = told.current.indexOf(value);
    told.current.splice(0, place < 0 ? Infinity : place + 1);
    if (place < 0) setText(value);
  }, [value]);
  return [
    text,
    (next) => {
      setText(next);
      tell(next);
    },
  ];
}
