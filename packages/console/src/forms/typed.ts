import { useState } from "react";

/**
 * What somebody types where the setting's value is only the sound part of it (half a JSON text, a line that has no name yet). It is kept
 * until the value becomes another one than was sent last: discarded, taken from a colleague, or read anew.
 * @param value plain data
 * @returns what is typed, and a function that takes what is typed now and the value that it stands for
 */
export function useTyped<Value, Typed>(value: Value, typedFrom: (value: Value) => Typed): [Typed, (typed: Typed, value: Value) => void] {
  const [kept, setKept] = useState(() => ({ typed: typedFrom(value), of: JSON.stringify(value) }));
  const present = JSON.stringify(value);
  const isOther = present !== kept.of;
  const typed = isOther ? typedFrom(value) : kept.typed;
  if (isOther) setKept({ typed, of: present });
  return [typed, (next, sent) => setKept({ typed: next, of: JSON.stringify(sent) })];
}
