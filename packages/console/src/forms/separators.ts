/** How numbers are typed in, by language. */
export const separators = {
  de: { decimalSeparator: ",", thousandSeparator: "." },
  en: { decimalSeparator: ".", thousandSeparator: "," },
} as const;
