import type { Finding } from "../../analysis/overview/rank.ts";
import type { Answer } from "../../systems/fleet.ts";
import type { SystemName, ToolContext } from "../define.ts";

/** One area of the home in the overview. A new area is a file like docker-area.ts, listed in get-overview.ts. */
export interface Area {
  name: string;
  needs: SystemName;
  /** Reads one answer a host: what is wrong there, and how many of what there are. */
  look(context: ToolContext): Promise<Answer<{ findings: Finding[]; counts: Readonly<Record<string, number>> }>[]>;
}
