/** The noise budget. */
export const noise = {
  question: "War dieser Alarm nützlich?",
  verdicts: { useful: "Nützlich", noise: "Rauschen", known: "Bekannt" },
  means: {
    useful: "Es war richtig, das zu melden",
    noise: "Das musste niemand wissen",
    known: "Das war schon bekannt",
  },
  said: (verdict: string) => `Beurteilt: ${verdict}`,
  takenBack: "Die Beurteilung ist zurückgenommen",
  by: (name: string) => `Beurteilt von ${name}`,
  title: "Fehlalarme",
  help: "Wie oft ein Alarm niemandem half, nach Prüfung, Kunde und Woche. Beurteilt wird im Befund mit den Tasten 1, 2 und 3.",
  weeks: "Zeitraum",
  weekCount: (weeks: number) => `letzte ${weeks} Wochen`,
  overTitle: "Über dem Budget",
  over: (count: number, percent: string, weekly: string) =>
    count === 0
      ? `Keine Prüfung liegt über ${percent} Rauschen oder ${weekly} Befunden je Woche.`
      : `Über ${percent} Rauschen oder mehr als ${weekly} Befunde je Woche.`,
  isOver: "über dem Budget",
  propose: "Änderung ausprobieren",
  rules: "Nach Prüfung",
  customers: "Nach Kunde",
  byWeek: "Nach Woche",
  rule: "Prüfung",
  customer: "Kunde",
  week: "Woche ab",
  findings: "Befunde",
  aWeek: "je Woche",
  share: "Rauschen",
  notJudged: "nicht beurteilt",
  none: "In dieser Zeit gab es keine Befunde.",
};
