import { z } from "zod";
import type { Json } from "../../shared/json.ts";
import { Unanswered, wrongAnswer } from "./failures.ts";
import { featuresOf } from "./features.ts";
import type { Caller, Deadlines } from "./link.ts";
import { mustBeListed } from "./methods.ts";
import type { TrueNas } from "./port.ts";

const info = z.object({ version: z.string() });

export function reading(caller: Caller & { close(): void }, deadlines: Deadlines): TrueNas {
  async function call(method: string, params: readonly Json[], signal?: AbortSignal): Promise<Json> {
    mustBeListed(method, "read");
    const ask = () => caller.call(method, params, { deadline_ms: deadlines.read_ms, signal });
    try {
      return await ask();
    } catch (error) {
      // The socket may have died unseen since the last call; asking twice changes nothing.
      if (error instanceof Unanswered && error.code === "unreachable") return ask();
      throw error;
    }
  }
  return {
    call,
    async features(signal) {
      const answer = info.safeParse(await call("system.info", [], signal));
      if (!answer.success) throw wrongAnswer("without a version", answer.error);
      return featuresOf(answer.data.version);
    },
    close: async () => caller.close(),
  };
}
