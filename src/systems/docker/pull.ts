import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Engine } from "./engine.ts";
import { recognise } from "./failures.ts";
import { safeImage, tagged } from "./names.ts";
import type { DockerChanges, PullProgress } from "./port.ts";

const maxLineBytes = 256 * 1024;
const event = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.looseObject({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
});

/** `POST /images/create`: HTTP 200 says only that it began; the stream says how it ended. */
export function pulling(engine: Engine): DockerChanges["pull"] {
  return async (reference, onProgress, signal) => {
    const watch = progressReader(onProgress);
    const query = { fromImage: safeImage(tagged(reference)) };
    const request = { method: "POST", path: "/images/create", query, signal } as const;
    await engine.stream({ ...request, deadline_ms: engine.deadlines.pull_idle_ms, idle: true }, watch.take);
    watch.end();
  };
}

function progressReader(onProgress: (progress: PullProgress) => void): { take(chunk: Buffer): void; end(): void } {
  const layers = new Map<string, PullProgress>();
  let rest = "";
  const decoder = new TextDecoder();
  const line = (text: string) => {
    if (text.trim() === "") return;
    const { id, status, progressDetail, error } = parsed(text);
    if (error !== undefined) throw recognise(error) ?? unknownFailure(error);
    const { current, total } = progressDetail ?? {};
    // Extracting counts from zero again: only the download is progress.
    if (id === undefined || status !== "Downloading" || current === undefined || total === undefined || total <= 0)
      return;
    layers.set(id, { done_bytes: current, total_bytes: total });
    const sum = (of: keyof PullProgress) => layers.values().reduce((bytes, layer) => bytes + layer[of], 0);
    onProgress({ done_bytes: sum("done_bytes"), total_bytes: sum("total_bytes") });
  };
  return {
    take(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > maxLineBytes) throw garbled();
      for (const text of lines) line(text);
    },
    end: () => line(rest),
  };
}

function parsed(text: string): z.output<typeof event> {
  try {
    return event.parse(JSON.parse(text));
  } catch (cause) {
    throw garbled(cause);
  }
}

function garbled(cause?: unknown): StewardError {
  const fix = "Look at the image afterwards; the pull may have gone through all the same.";
  return new StewardError("wrong_answer", "Docker's account of the pull can't be read.", fix, { cause });
}

function unknownFailure(error: string): StewardError {
  const fix = "Try docker pull on that machine: it says more.";
  return new StewardError("refused", "The engine could not pull the image.", fix, { cause: new Error(error) });
}
