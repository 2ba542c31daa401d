import { posix, win32 } from "node:path";

/** What decides where things lie. */
export interface Place {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The user's home folder. */
  home: string;
}

const name = "home-steward";

/** The state folder: database, keys, the daemon's token. HOME_STEWARD_HOME moves it. */
export function stateFolder({ env, platform, home }: Place): string {
  const { join, resolve } = platform === "win32" ? win32 : posix;
  if (env.HOME_STEWARD_HOME) return resolve(env.HOME_STEWARD_HOME);
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), name);
  if (platform === "darwin") return join(home, "Library", "Application Support", name);
  return join(env.XDG_STATE_HOME || join(home, ".local", "state"), name);
}

/** Where the configuration is looked for when neither --config nor HOME_STEWARD_CONFIG names it. */
export function configFile({ env, platform, home }: Place): string {
  const { join } = platform === "win32" ? win32 : posix;
  if (platform === "win32") return join(env.APPDATA ?? join(home, "AppData", "Roaming"), name, "config.yaml");
  if (platform === "darwin") return join(home, "Library", "Application Support", name, "config.yaml");
  return join(env.XDG_CONFIG_HOME || join(home, ".config"), name, "config.yaml");
}
