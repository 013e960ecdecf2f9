import { NumberInput } from "@mantine/core";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./settings.module.css";

/** A number with its unit behind it, as part of a sentence. */
export function Amount({
  label,
  unit,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { language } = useSpeech();
  return (
    <div className={styles["amount"]}>
      <NumberInput
        label={label}
        decimalSeparator={language === "de" ? "," : "."}
        min={min}
        max={max}
        decimalScale={2}
        w={120}
        value={value}
        onChange={(next) => typeof next === "number" && onChange(next)}
      />
      <span>{unit}</span>
    </div>
  );
}
