/**
 * Texts, number formats and the texts of the checks in the reader's language. One language is loaded; the other comes when
 * somebody switches.
 */
import { formatFor, type Format, type Language } from "@hauswart/protocol/format.ts";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { checkTextsFor, type CheckTexts } from "../features/check-texts.ts";
import type { FeatureCard } from "../features/feature.ts";
import { writeDayFor, type WriteDay } from "./day-text.ts";
import type { Texts } from "./de.ts";
import { rememberLanguage } from "./language.ts";
import { relativeFor, type Relative } from "./relative.ts";

export type { Texts };

const loaders: Record<Language, () => Promise<Texts>> = {
  de: async () => (await import("./de.ts")).de,
  en: async () => (await import("./en.ts")).en,
};

export const loadTexts = (language: Language): Promise<Texts> => loaders[language]();

export interface Speech {
  readonly language: Language;
  readonly texts: Texts;
  readonly format: Format;
  readonly relative: Relative;
  readonly writeDay: WriteDay;
  /** Texts of a check by its id; for an unknown id, plain ones made from what is there. */
  readonly checkTexts: (check: string) => CheckTexts;
  readonly setLanguage: (language: Language) => void;
}

const SpeechContext = createContext<Speech | null>(null);

export function SpeechProvider(props: { language: Language; texts: Texts; cards: readonly FeatureCard[]; children: ReactNode }) {
  const { cards, children } = props;
  const [spoken, setSpoken] = useState({ language: props.language, texts: props.texts });
  useEffect(() => {
    document.documentElement.lang = spoken.language;
  }, [spoken]);
  const setLanguage = useCallback((language: Language) => {
    rememberLanguage(language);
    void loadTexts(language).then((texts) => setSpoken({ language, texts }));
  }, []);
  const speech = useMemo<Speech>(() => {
    const format = formatFor(spoken.language);
    return {
      ...spoken,
      format,
      relative: relativeFor(spoken.language),
      writeDay: writeDayFor(spoken.language),
      checkTexts: checkTextsFor(cards, spoken.language, format),
      setLanguage,
    };
  }, [spoken, cards, setLanguage]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** Everything that depends on the language. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error("useSpeech outside of SpeechProvider");
  return speech;
}

export const useTexts = (): Texts => useSpeech().texts;
