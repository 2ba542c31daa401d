export { connectSecretFileChanges, connectSecretFiles } from "./connect.ts";
export type * from "./port.ts";
