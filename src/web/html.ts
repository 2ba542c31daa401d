import { clean } from "../shared/text.ts";

/** Markup that goes out as it is. Only the `html` template makes it, so whatever else is put into a page is escaped. */
class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type Html = Markup;
type Piece = string | number | boolean | null | undefined | Markup | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * The one way to build a page. Every value is escaped for text and for quoted attributes, and loses what a person can't
 * see or what reorders the rest (bidi, zero width), so that the plan they read is the plan that is stored.
 * Lists are joined; `false`, `null` and `undefined` show nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Markup(strings.reduce((text, string, n) => `${text}${show(values[n - 1])}${string}`));
}

function show(piece: Piece): string {
  if (piece instanceof Markup) return piece.toString();
  if (piece === null || piece === undefined || typeof piece === "boolean") return "";
  if (typeof piece === "object") return piece.map(show).join("");
  return clean(String(piece)).replace(/[&<>"'`]/g, (sign) => entities[sign] ?? "");
}
