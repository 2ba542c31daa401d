/** The smallest image and sound that are valid: one red pixel, two samples of silence. */
export const redPixelPng =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgaGgAAAGEAQFWjyAjAAAAAElFTkSuQmCC";
const silentWav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQIAAACAgA==";

export const text = (words: string) => ({ type: "text" as const, text: words });
export const image = { type: "image" as const, data: redPixelPng, mimeType: "image/png" };
export const audio = { type: "audio" as const, data: silentWav, mimeType: "audio/wav" };
export const embedded = (uri: string, mimeType: string, words: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType, text: words },
});
/** A tool's answer of one line. */
export const said = (words: string) => ({ content: [text(words)] });
