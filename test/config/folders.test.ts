import { describe, expect, it } from "vitest";
import { configFile, type Place, stateFolder } from "../../src/config/folders.ts";

const at = (platform: NodeJS.Platform, home: string, env: Place["env"] = {}): Place => ({ platform, home, env });

describe("the state folder and the configuration file lie where each system keeps such things", () => {
  it.each([
    [at("linux", "/home/me"), "/home/me/.local/state/home-steward", "/home/me/.config/home-steward/config.yaml"],
    [
      at("linux", "/home/me", { XDG_STATE_HOME: "/s", XDG_CONFIG_HOME: "/c" }),
      "/s/home-steward",
      "/c/home-steward/config.yaml",
    ],
    [
      at("darwin", "/Users/me"),
      "/Users/me/Library/Application Support/home-steward",
      "/Users/me/Library/Application Support/home-steward/config.yaml",
    ],
    [
      at("win32", "C:\\Users\\me", { LOCALAPPDATA: "D:\\Local", APPDATA: "D:\\Roaming" }),
      "D:\\Local\\home-steward",
      "D:\\Roaming\\home-steward\\config.yaml",
    ],
    [
      at("win32", "C:\\Users\\me"),
      "C:\\Users\\me\\AppData\\Local\\home-steward",
      "C:\\Users\\me\\AppData\\Roaming\\home-steward\\config.yaml",
    ],
  ])("%j", (place, state, config) => {
    expect(stateFolder(place)).toBe(state);
    expect(configFile(place)).toBe(config);
  });

  it("HOME_STEWARD_HOME moves the state folder", () => {
    expect(stateFolder(at("linux", "/home/me", { HOME_STEWARD_HOME: "/srv/steward" }))).toBe("/srv/steward");
  });
});
