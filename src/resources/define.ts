import type { Json, JsonObject } from "../shared/json.ts";
import type { SystemName, ToolContext } from "../tools/define.ts";

/** What a read of a resource gets: everything a tool has, but nobody to report progress to. */
export type ResourceContext = Omit<ToolContext, "progress">;

/** The variables of a URI, decoded: `containers://nas/plex` of `containers://{host}/{container}` is `{host, container}`. */
export type Variables = Readonly<Record<string, string>>;

/** One thing `resources/list` shows. `name` and `description` are our words and schema-checked names. */
interface ResourceEntry {
  uri: string;
  name: string;
  description?: string;
}

/** A family of read-only resources, as the server registers it. Reads answer JSON; the server renders it. */
export interface Resource {
  name: string;
  title: string;
  description: string;
  /** RFC 6570, simple expansion only. */
  template: string;
  /** Listed only where all of these are configured. */
  needs: readonly SystemName[];
  list(context: ResourceContext): Promise<ResourceEntry[]>;
  /** Values for one variable that start with what was typed; `given` holds the variables already chosen. */
  complete: Readonly<Record<string, Complete>>;
  /**
   * What of it has to change before listeners are told; asked once a minute while somebody follows it, so it is light
   * and wakes nothing; null where it can't be told now. Absent: nobody is told of its changes this way.
   */
  mark?(variables: Variables, context: ResourceContext): Promise<Json>;
  /** Errors: not_found, and those of the systems it reads. */
  read(variables: Variables, context: ResourceContext): Promise<JsonObject>;
}

export type Complete = (typed: string, given: Variables, context: ResourceContext) => Promise<string[]>;
