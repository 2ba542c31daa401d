import type { Fleet } from "../fleet.ts";

/** A group of containers as their labels name it; how its manager knows it is for the adapter to find out. */
export interface ProjectRef {
  /** Label com.docker.compose.project: "ix-plex" of the TrueNAS app plex, "media" of a stack. */
  project: string;
  /** Label com.docker.compose.project.config_files, as the manager sees them; empty where no container says it. */
  files: readonly string[];
  /** Label com.docker.compose.project.working_dir; "" where no container says it. */
  folder: string;
}

/** What a manager says of one project. */
export interface Project {
  /** `deploying`: its containers are there, but not all are up and well yet. `broken`: the manager gave up on one. */
  state: "running" | "deploying" | "stopped" | "broken";
  /** Something is being done to it right now. */
  busy: boolean;
  /** The manager's mark of what is deployed: an app's version, or a hash of a stack's file and variables. */
  deployed: string;
  /** By service: the hash of how it is defined now, which compose put on its container as it was then. Compose only. */
  defined?: Readonly<Record<string, string>>;
  /** Its file is kept in a repository: deploying another one here would last until the next commit there. */
  from_git?: true;
  /** It is made from a chart of a catalogue, and only what the chart asks can be changed. */
  from_chart?: true;
  /** What a person should know before it is deployed again, in our own words. */
  notes: readonly string[];
}

/**
 * One machine's manager of projects, read only. Errors: not_found (it has no such project), unsupported (it has, and can't
 * deploy it the same again; says why), and those of its wire.
 */
export interface Manager {
  /** Whether it is asked at all about such a project; told without asking it. */
  keeps(ref: ProjectRef): boolean;
  read(ref: ProjectRef, signal?: AbortSignal): Promise<Project>;
}

/** How a change is followed. */
export interface Following {
  signal?: AbortSignal;
  /** 0–100, where the manager tells. */
  onProgress(percent: number): void;
}

/** Which of its services a change is about; a manager that deploys only the whole of a project does that. */
interface Concerned {
  services: readonly string[];
}

/** A manager that keeps a project as one compose file. */
export interface FileManager extends Manager {
  /** The file, whole: text from outside, which may hold secrets. Errors as of `read`. */
  definition(ref: ProjectRef, signal?: AbortSignal): Promise<string>;
}

/**
 * TrueNAS: its applications have versions of their own, and some have a compose file of their owner's. Of one that is made
 * from a chart, `definition` is the part of its owner's answers that is the same for every chart: limits, and whom it runs as.
 * Errors also: unsupported (24.04).
 */
export interface AppManager extends FileManager {
  /** The version it would be upgraded to; null where there is none, or where only images can be newer. */
  newer(ref: ProjectRef, signal?: AbortSignal): Promise<string | null>;
}

/**
 * What approved steps may have a manager do. Resolves when the manager says that it is done; whether the containers are
 * well is for who asked to see. Errors as in {@link Manager}, and conflict: the manager failed, or what became of it is
 * not known (the message says which).
 */
export interface ManagerChanges {
  /** Makes the containers as the manager keeps them defined, from the images that their tags mean here: none is pulled. */
  redeploy(ref: ProjectRef, following: Following & Concerned): Promise<void>;
}

/** What more a manager can be made to do that keeps a project as one compose file. */
export interface DefinitionChanges extends ManagerChanges {
  /**
   * Makes the containers by another file, which it keeps from then on; all else of the project stays as it is, and no image
   * is pulled. Errors also: unsupported (the file comes from a repository).
   */
  deploy(ref: ProjectRef, text: string, following: Following & Concerned): Promise<void>;
}

/** What more an application of TrueNAS can be made to do; always the whole of it. */
export interface AppChanges extends DefinitionChanges {
  /** To that version, with the images it names. TrueNAS takes a snapshot of the app's own volumes first. */
  upgrade(ref: ProjectRef, version: string, following: Following): Promise<void>;
  /** Back to a version it had; its own volumes (ix-volumes) go back to the snapshot that TrueNAS took of that version. */
  rollBack(ref: ProjectRef, version: string, following: Following): Promise<void>;
  start(ref: ProjectRef, following: Following): Promise<void>;
  /** TrueNAS removes the containers and keeps everything else. */
  stop(ref: ProjectRef, following: Following): Promise<void>;
}

/** What more one can whose file lies on a disk: keep another one without deploying it. */
export interface FileChanges extends DefinitionChanges {
  /** All of the file at once, or nothing; its owner and mode stay, and the one before lies beside it. */
  define(ref: ProjectRef, text: string): Promise<void>;
}

/** Every manager that is configured, by who it is. */
export interface Managers {
  truenas: Fleet<AppManager>;
  portainer: Fleet<FileManager>;
  compose: Fleet<FileManager>;
}
export interface ManagersChanges {
  truenas: Fleet<AppChanges>;
  portainer: Fleet<DefinitionChanges>;
  compose: Fleet<FileChanges>;
}
