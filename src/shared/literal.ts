/** A fixed text as a regular expression, JavaScript's and POSIX's extended alike. */
export const literal = (text: string): string => text.replaceAll(/[\\^$.[\]|()?*+{}]/g, "\\$&");
