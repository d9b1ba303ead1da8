// How a file can be written: the formats that the gateway has, in the words of who takes them.

export interface FormatInfo {
  readonly label: string;
  readonly about: string;
}

/** In the order in which they are offered. */
export const FORMATS = {
  xlsx: { label: "Excel workbook", about: "a sheet for each part, with charts" },
  pdf: { label: "PDF report", about: "charts and tables to read and print" },
  csv: { label: "CSV for spreadsheets", about: "one table" },
  json: { label: "JSON", about: "as the API has it" },
  ndjson: { label: "NDJSON", about: "a row a line" },
  parquet: { label: "Parquet", about: "typed columns for data tools" },
} as const satisfies Readonly<Record<string, FormatInfo>>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** What separates the cells of a CSV: a comma, or what spreadsheets of the reader's locale expect. */
export const SEPARATORS = { ",": "a comma; decimals with a point", locale: "what spreadsheets here expect" } as const;
export type Separator = keyof typeof SEPARATORS;

/** How a file is wished. */
export interface FileWish {
  readonly format: FormatName;
  readonly separator: Separator;
  /** Whether a CSV begins with a byte order mark. */
  readonly bom: boolean;
  /** Whether a worker makes it, while nobody waits. */
  readonly inBackground: boolean;
}

/** Whether a locale writes decimals with a comma, so that spreadsheets take no comma for the end of a cell. */
const hasDecimalComma = (locale: string): boolean =>
  new Intl.NumberFormat(locale).formatToParts(1.5).some(({ type, value }) => type === "decimal" && value === ",");

/** What is usually wished where a locale is spoken. */
export const usualWish = (locale: string): FileWish => ({
  format: "xlsx",
  separator: hasDecimalComma(locale) ? "locale" : ",",
  bom: true,
  inBackground: false,
});

/** The members of an order that say how its file is written; the locale's own words are those of the browser. */
export const fileMembers = ({ format, separator, bom }: FileWish, locale: string): Readonly<Record<string, string | boolean>> => ({
  format,
  locale,
  ...(format === "csv" && { separator, bom }),
});

const KEY = "deskgraph.export";

/** The last wish of this tab, else the usual one. Each file is wished at once anew. */
export function readWish(): FileWish {
  const usual = usualWish(navigator.language);
  const kept = sessionStorage.getItem(KEY);
  return kept === null ? usual : { ...usual, ...(JSON.parse(kept) as Partial<FileWish>) };
}

export const keepWish = ({ format, separator, bom }: FileWish): void => sessionStorage.setItem(KEY, JSON.stringify({ format, separator, bom }));
