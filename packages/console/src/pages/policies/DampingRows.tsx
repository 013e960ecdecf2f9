/** What damps a check: common to all, inherited until somebody sets it here. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { usualFlapping } from "@hauswart/protocol/usual-flapping.ts";
import { Checkbox, NumberInput } from "@mantine/core";
import { writeSetting } from "../../features/evidence.ts";
import { fieldsOf } from "../../forms/schema.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { Row, type CheckSettingsProps } from "./SettingLine.tsx";
import styles from "./policies.module.css";

type Flapping = NonNullable<PolicyCheck["flapping"]>;

const counts = {
  badForMinutes: { first: 10, from: 0, to: 1_440 },
  goodSamples: { first: 2, from: 1, to: 20 },
  goodForMinutes: { first: 10, from: 0, to: 1_440 },
} as const;
type CountName = keyof typeof counts;

export function DampingRows(props: CheckSettingsProps) {
  return (
    <>
      <CountRow {...props} name="badForMinutes" />
      <CountRow {...props} name="goodSamples" />
      <CountRow {...props} name="goodForMinutes" />
      <RecoveryRow {...props} />
      <FlappingRow {...props} />
    </>
  );
}

function CountRow({ check, onChange, others, name }: CheckSettingsProps & { name: CountName }) {
  const { texts, format } = useSpeech();
  const words = texts.replay.damping;
  const { first, from, to } = counts[name];
  const write = (value: number) =>
    name === "goodSamples" ? format.number(value) : value === 0 ? words.atOnce : words.minutes(format.number(value));
  return (
    <Row
      label={words[name]}
      help={words[`${name}Help`]}
      isSet={check[name] !== undefined}
      fallback={write(from)}
      others={others(check, name).map((other) => ({ ...other, words: write(Number(other.value)) }))}
      onSet={() => onChange({ ...check, [name]: first })}
      onUnset={() => onChange({ ...check, [name]: undefined })}
    >
      <NumberInput
        aria-label={words[name]}
        min={from}
        max={to}
        allowDecimal={false}
        w={110}
        value={check[name] ?? from}
        onChange={(value) => typeof value === "number" && value >= from && onChange({ ...check, [name]: value })}
      />
    </Row>
  );
}

/** Only numbers that mean a side: above or below. */
const isThreshold = (name: string) => /Above|Below/.test(name);

function RecoveryRow({ check, reference, onChange, others }: CheckSettingsProps) {
  const { texts, checkTexts } = useSpeech();
  const words = texts.replay.damping;
  const about = checkTexts(reference.check);
  const thresholds = fieldsOf(reference.settingsSchema).filter(
    ({ name, kind }) => (kind === "number" || kind === "integer") && isThreshold(name),
  );
  if (thresholds.length === 0) return null;
  const inForce = (name: string, fallback: unknown) => check.settings[name] ?? fallback;
  return (
    <Row
      label={words.recoverAt}
      help={words.recoverAtHelp}
      isSet={check.recoverAt !== undefined}
      fallback={words.recoverAtNone}
      others={others(check, "recoverAt").map((other) => ({ ...other, words: about.settingValue("recoverAt", other.value) }))}
      onSet={() =>
        onChange({ ...check, recoverAt: Object.fromEntries(thresholds.map(({ name, fallback }) => [name, inForce(name, fallback)])) })
      }
      onUnset={() => onChange({ ...check, recoverAt: undefined })}
    >
      <div className={styles["several"]}>
        {thresholds.map(({ name, fallback }) => (
          <NumberInput
            key={name}
            label={about.settingLabel(name)}
            w={220}
            value={Number(check.recoverAt?.[name] ?? inForce(name, fallback))}
            onChange={(value) => typeof value === "number" && onChange({ ...check, recoverAt: { ...check.recoverAt, [name]: value } })}
          />
        ))}
      </div>
    </Row>
  );
}

function FlappingRow({ check, onChange, others }: CheckSettingsProps) {
  const { texts, format } = useSpeech();
  const words = texts.replay.damping;
  const write = (rule: Flapping | null) => (rule ? writeSetting("flapping", rule, format) : words.flappingNone);
  const rule = check.flapping ?? usualFlapping;
  const limits = { openings: [1, 50], withinMinutes: [5, 10_080], calmMinutes: [5, 10_080] } as const;
  return (
    <Row
      label={words.flapping}
      help={words.flappingHelp}
      isSet={check.flapping !== undefined}
      fallback={write(usualFlapping)}
      others={others(check, "flapping").map((other) => ({ ...other, words: write(other.value as Flapping | null) }))}
      onSet={() => onChange({ ...check, flapping: usualFlapping })}
      onUnset={() => onChange({ ...check, flapping: undefined })}
    >
      <Checkbox
        label={words.flappingOff}
        checked={check.flapping === null}
        onChange={(event) => onChange({ ...check, flapping: event.currentTarget.checked ? null : usualFlapping })}
      />
      {check.flapping !== null && (
        <div className={styles["several"]}>
          {(["openings", "withinMinutes", "calmMinutes"] as const).map((name) => (
            <NumberInput
              key={name}
              label={words[name]}
              min={limits[name][0]}
              max={limits[name][1]}
              allowDecimal={false}
              w={130}
              value={rule[name]}
              onChange={(value) =>
                typeof value === "number" && value >= limits[name][0] && onChange({ ...check, flapping: { ...rule, [name]: value } })
              }
            />
          ))}
        </div>
      )}
    </Row>
  );
}
