import { win32 } from "node:path";

/** This installation, and the home that is open. */
export interface Installation {
  /** The Node that runs, and the program's file. */
  node: string;
  program: string;
  /** The state folder in use, and the one that is used when nothing names another. */
  folder: string;
  usualFolder: string;
  platform: NodeJS.Platform;
}

/**
 * The line that a person types to run a command of this very installation on this very home. Where it came as a package
 * its name is enough; in a checkout the name is on nobody's PATH, and the system's Node may be too old.
 */
export function terminalCommand(args: readonly string[], own: Installation): string {
  const windows = own.platform === "win32";
  const quoted = (text: string) =>
    /^[A-Za-z0-9_./:\\@=+-]+$/.test(text) ? text : windows ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
  const packaged = /[\\/]node_modules[\\/]home-steward[\\/]/.test(own.program);
  const program = packaged ? ["home-steward"] : [quoted(own.node), quoted(own.program)];
  const elsewhere = own.folder !== own.usualFolder;
  const line = [...program, ...args].join(" ");
  if (!elsewhere) return line;
  // cmd and PowerShell each set a variable in a way of their own; cmd understands this one, PowerShell starts it.
  if (windows) return `cmd /c "set HOME_STEWARD_HOME=${win32.normalize(own.folder)}&& ${line}"`;
  return `HOME_STEWARD_HOME=${quoted(own.folder)} ${line}`;
}
