/** A row of a table; pipes and line ends in its cells would break it. */
export const row = (...cells: string[]) =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;

export const code = (text: string) => `\`${text}\``;
